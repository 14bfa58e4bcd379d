// npm run fuzz -- NAME --minutes N [--seed S]: makes inputs of a kind for so long and runs each; what is thrown, hangs for five seconds of
// CPU or takes more than 1.5 GB is a finding, whose input is kept below out/fuzz. Without a name it lists the kinds; `all` runs one after
// the other, `corpus` every input that was a finding once (a test does that, too). `jinja2` compares generated templates with the real Jinja2.
import { fork, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { boundedLibraries } from '../../scripts/bounded-libraries.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
const [name] = args.filter((arg, at) => !arg.startsWith('--') && !args[at - 1]?.startsWith('--'));
const minutes = option('minutes', 1);
const seed = option('seed', 1);
const mostSeconds = 5;
const mostMemory = 1_500_000;

if (name === 'jinja2')
  process.exit(spawnSync('npx', ['vitest', 'run', '--config', 'test/fuzz/vitest.config.ts'], { cwd: root, stdio: 'inherit' }).status ?? 1);

const outfile = path.join(root, 'out/fuzz/fuzz.cjs');
await build({
  stdin: {
    contents: "export { runChild } from './test/fuzz/child.ts';\nexport { kinds } from './test/fuzz/kinds.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['@duckdb/node-api', 'sql.js'],
  define: { 'import.meta.url': '"file:///fuzz"' },
  plugins: [boundedLibraries],
  outfile,
  logLevel: 'error',
});

const { kinds } = createRequire(import.meta.url)(outfile);
if (name === undefined || (name !== 'all' && name !== 'corpus' && kinds[name] === undefined)) {
  console.log(`kinds: ${Object.keys(kinds).join(', ')}, jinja2, all`);
  process.exit(name === undefined ? 0 : 2);
}
let isRed = false;
for (const kind of name === 'all' ? Object.keys(kinds) : [name]) isRed = (await run(kind)) || isRed;
process.exit(isRed ? 1 : 0);

/** One kind for its time; a child that hangs or dies is followed by another with another seed. */
async function run(kind) {
  const folder = path.join(root, 'out/fuzz', kind);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const until = Date.now() + minutes * 60_000;
  const total = { count: 0, met: 0, memory: 0, thrown: 0, hangs: 0, died: 0 };
  for (let turn = 0; Date.now() < until - 500; turn++) {
    if (kind === 'corpus' && turn > 0) break;
    const ended = await runOnce(kind, folder, (until - Date.now()) / 1000, seed + turn, total);
    if (ended === 'broken') return true;
  }
  const { count, met, memory, thrown, hangs, died } = total;
  console.log(
    `${kind}: ${count.toLocaleString('en')} inputs in ${minutes} min, ${met} kinds of answers, ${Math.round(memory / 1024)} MB; ${thrown} thrown, ${hangs} over ${mostSeconds} s, ${died} died`,
  );
  return thrown + hangs + died > 0 || memory > mostMemory;
}

function runOnce(kind, folder, seconds, at, total) {
  return new Promise((resolve) => {
    const child = fork(path.join(import.meta.dirname, 'child.cjs'), [outfile, kind, String(seconds), String(at), folder], {
      cwd: root,
      execArgv: ['--max-old-space-size=1400'],
    });
    let seen = { count: 0, cpu: 0 };
    let isHung = false;
    let isDone = false;
    const watch = setInterval(() => {
      const count = readCount(folder);
      const cpu = cpuOf(child.pid);
      if (count !== seen.count) seen = { count, cpu };
      else if (count > 0 && cpu - seen.cpu > mostSeconds) {
        isHung = true;
        child.kill('SIGKILL');
      }
    }, 500);
    child.on('message', (message) => {
      if (message.kind === 'done') {
        isDone = true;
        total.count += message.count;
        total.met = Math.max(total.met, message.met);
        total.memory = Math.max(total.memory, message.memory);
        return;
      }
      total.thrown++;
      console.log(
        `${kind}: thrown: ${message.what}\n  ${path.relative(root, message.file)}${message.cause === '' ? '' : `\n  ${message.cause}`}`,
      );
    });
    child.on('exit', (code) => {
      clearInterval(watch);
      if (isDone) return resolve('done');
      const count = readCount(folder);
      total.count += count;
      if (count === 0) {
        console.log(`${kind}: it could not begin (exit code ${code})`);
        total.died++;
        return resolve('broken');
      }
      const what = isHung ? 'hang' : 'death';
      total[isHung ? 'hangs' : 'died']++;
      const file = path.join(folder, `${what}-${total.hangs + total.died}`);
      keepInput(folder, file);
      console.log(
        `${kind}: ${isHung ? `no end after ${mostSeconds} s of CPU` : `the process died (exit code ${code})`}\n  ${path.relative(root, file)}`,
      );
      return resolve('again');
    });
  });
}

function readHeader(folder) {
  const header = Buffer.alloc(8);
  try {
    const file = openSync(path.join(folder, 'now'), 'r');
    readSync(file, header, 0, 8, 0);
    closeSync(file);
  } catch {
    // It has not begun.
  }
  return header;
}

function readCount(folder) {
  return readHeader(folder).readUInt32LE(0);
}

function keepInput(folder, file) {
  const size = readHeader(folder).readUInt32LE(4);
  writeFileSync(file, readFileSync(path.join(folder, 'now')).subarray(8, 8 + size));
}

/** Seconds of CPU that a process took; where that is not told, seconds that went by. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Date.now() / 1000;
  }
}
