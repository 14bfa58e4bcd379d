import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { openProject } from '../../../src/cli/project.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { SqliteEngine } from '../../../src/engines/sqlite.ts';
import { samplesFolder } from './rows.ts';

export interface Previewed {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

interface Opened {
  readonly snapshot: Snapshot;
  readonly session: PreviewSession;
}

const opened = new Map<string, Promise<Opened>>();
const previewed = new Map<string, Promise<Previewed>>();

/** The moment of the samples' CURRENT_DATE, for whatever should ask for it. */
export const now = '2026-06-30 12:00:00';

/** A sample, or a project in any folder, as Headwater reads it, with the engine that previews it. */
export function open(project: string): Promise<Opened> {
  const known = opened.get(project) ?? openNow(project);
  opened.set(project, known);
  return known;
}

/** A sample as Headwater reads it. */
export const openSample = async (sample: string): Promise<Snapshot> => (await open(sample)).snapshot;

async function openNow(project: string): Promise<Opened> {
  const { snapshot } = await openProject({
    positional: [],
    option: (name) => (name === 'project' ? (isAbsolute(project) ? project : join(samplesFolder, project)) : undefined),
    flag: () => false,
    stdin: Readable.from([]) as unknown as NodeJS.ReadableStream,
    print: () => undefined,
    say: () => undefined,
  });
  return { snapshot, session: new PreviewSession(await openEngine(), snapshot, now) };
}

/** SQLite in this process. */
export async function openEngine(): Promise<SqliteEngine> {
  const bytes = await readFile(join(dirname(createRequire(import.meta.url).resolve('sql.js')), 'sql-wasm.wasm'));
  const engine = new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  await engine.open();
  return engine;
}

/** All rows of a model, an analysis or a seed, as objects; each is asked for once. */
export function preview(project: string, name: string): Promise<Previewed> {
  const key = `${project}/${name}`;
  const known = previewed.get(key) ?? previewNow(project, name);
  previewed.set(key, known);
  return known;
}

async function previewNow(project: string, name: string): Promise<Previewed> {
  const { snapshot, session } = await open(project);
  return previewNode(session, snapshot, name);
}

/** All rows of a model, an analysis, a seed or a snapshot of a project that is open. */
export async function previewNode(session: PreviewSession, snapshot: Snapshot, name: string): Promise<Previewed> {
  const kinds = ['model', 'analysis', 'seed', 'snapshot'];
  const node = [...snapshot.nodes.values()].find((candidate) => candidate.name === name && kinds.includes(candidate.kind));
  if (node === undefined) throw new Error(`${snapshot.project.name} has no model '${name}'`);
  const answer = await session.preview({ kind: 'node', node: node.id });
  if (answer.kind === 'failed')
    throw new Error(answer.problems.map((problem) => `${problem.path}:${problem.start.line} ${problem.message}`).join('; '));
  const { result } = answer;
  const columns = result.columns.map((column) => column.name);
  const rows = await result.page(0, result.rowCount);
  return { columns, rows: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]))) };
}
