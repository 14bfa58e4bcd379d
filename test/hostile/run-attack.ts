import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Attack } from './attack.ts';

/** What one call of `headwater` on a hostile project came to. */
export interface Outcome {
  readonly call: string;
  /** Undefined where it was ended because it took too long. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  /** Programs, addresses and files outside that it should not have touched. */
  readonly escapes: readonly string[];
  readonly out: string;
  readonly err: string;
}

const root = join(import.meta.dirname, '../..');
const secret = 'the-secret-of-somebody-else';
const usualCalls: readonly (readonly string[])[] = [
  ['graph', '--quiet'],
  ['build', '--quiet', '--timeout', '5'],
];

/** Writes an attack to the disk and puts its questions to the built command line. */
export async function runAttack(attack: Attack, seconds = 30, program = join(root, 'dist/cli.js')): Promise<readonly Outcome[]> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')));
  try {
    const [folder, outside] = [join(top, 'project'), join(top, 'outside')];
    for (const [path, content] of Object.entries({
      'secret.sql': `select '${secret}' as secret`,
      'secret.csv': `secret\n${secret}\n`,
      'dbt_project.yml': 'name: outside\n',
      'models/secret_model.sql': `select '${secret}' as secret`,
      'packages.yml': `packages: [{local: ${secret}}]\n`,
    })) {
      mkdirSync(dirname(join(outside, path)), { recursive: true });
      writeFileSync(join(outside, path), content);
    }
    mkdirSync(folder);
    for (const [path, content] of Object.entries(attack.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    attack.arrange?.(folder, outside);
    const outcomes: Outcome[] = [];
    for (const call of attack.calls ?? usualCalls)
      outcomes.push(await runCall(program, call, folder, outside, attack.input ?? '', seconds));
    return outcomes;
  } finally {
    makeRemovable(join(top, 'project/models/locked'));
    // Paths that are longer than a system call takes are only removed step by step.
    execFileSync('rm', ['-rf', top]);
  }
}

function makeRemovable(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o755);
}

function runCall(
  program: string,
  call: readonly string[],
  folder: string,
  outside: string,
  input: string,
  seconds: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const log = join(folder, '..', 'log');
    rmSync(log, { force: true });
    const started = Date.now();
    const child = spawn(process.execPath, ['--require', join(import.meta.dirname, 'watch.cjs'), program, ...call], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: outside, HOSTILE_LOG: log, HOSTILE_OUTSIDE: outside },
    });
    const said = { out: '', err: '' };
    const hear = (name: 'out' | 'err') => (chunk: Buffer) => {
      if (said[name].length < 5_000_000) said[name] += chunk.toString('utf8');
    };
    child.stdout.on('data', hear('out'));
    child.stderr.on('data', hear('err'));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      const notes = existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as { kind: string; what: string })
        : [];
      const cost = notes.filter((note) => note.kind === 'cost').map((note) => JSON.parse(note.what) as { memory: number; cpu: number })[0];
      const escapes = notes.filter((note) => note.kind !== 'cost').map((note) => `${note.kind}: ${note.what}`);
      if (said.out.includes(secret)) escapes.push('printed: what lies outside');
      for (const name of ['program', 'git', 'yaml', 'python', 'copied.csv', 'written', 'vacuum.db', 'attached.db', 'exported'])
        if (existsSync(`/tmp/headwater-${name}`)) {
          escapes.push(`written: /tmp/headwater-${name}`);
          rmSync(`/tmp/headwater-${name}`, { recursive: true, force: true });
        }
      resolve({
        call: call.join(' '),
        status: isLate ? undefined : (code ?? (signal === null ? 99 : 98)),
        milliseconds: Date.now() - started,
        cpu: cost?.cpu ?? -1,
        megabytes: cost?.memory ?? -1,
        escapes,
        ...said,
      });
    });
  });
}
