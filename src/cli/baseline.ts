import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { UsageError } from './command.ts';
import type { OpenedProject } from './project.ts';

const run = promisify(execFile);

/** The project as it was at a revision of the git repository that it lies in; installed packages are taken as they are now. */
export async function readBaseline(opened: OpenedProject, revision: string): Promise<Snapshot> {
  const contents: Record<string, Uint8Array> = {};
  for (const path of opened.snapshot.sources.below('dbt_packages')) {
    const file = opened.snapshot.sources.find(path);
    if (file) contents[path] = file.bytes;
  }
  for (const [path, bytes] of await readRevision(opened.root, revision)) contents[path] = bytes;
  return new Analyzer(templateEngine).analyze(Sources.of(contents), opened.settings);
}

async function readRevision(root: string, revision: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const git = async (...args: readonly string[]) =>
    (await run('git', ['-C', root, ...args], { encoding: 'buffer', maxBuffer: 1 << 30 })).stdout;
  let listing: string;
  try {
    listing = (await git('ls-tree', '-r', '-z', revision, '--', '.')).toString('utf8');
  } catch (error) {
    const reason =
      error instanceof Error ? (error.message.split('\n').find((line) => line.startsWith('fatal:')) ?? error.message) : String(error);
    throw new UsageError(`The revision '${revision}' could not be read: ${reason}`);
  }
  const found = new Map<string, Uint8Array>();
  const entries = listing.split('\0').flatMap((line) => {
    const match = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    return match ? [{ hash: match[1] as string, path: match[2] as string }] : [];
  });
  const wanted = entries.filter(({ path }) => /\.(sql|ya?ml|md|py|csv|tsv|db|sqlite3?|ts|js|mjs)$/i.test(path));
  for (let at = 0; at < wanted.length; at += 16)
    await Promise.all(wanted.slice(at, at + 16).map(async ({ hash, path }) => void found.set(path, await git('cat-file', 'blob', hash))));
  return found;
}
