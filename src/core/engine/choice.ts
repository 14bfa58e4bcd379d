import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { duckDbCan } from '../translate/duckdb/can.ts';
import type { Answer, Question } from './preview.ts';

/**
 * So many bytes of CSV and SQLite files SQLite still takes: a million rows of eight columns are 60 MB, load in two seconds and stand in
 * 470 MB; DuckDB needs a second to start and a third of the memory.
 */
export const mostBytesForSqlite = 150_000_000;

type EngineName = 'sqlite' | 'duckdb';

export interface ChosenAnswer {
  readonly answer: Answer;
  readonly engine: EngineName;
  /** Why another engine ran than the usual one; empty where nothing is to be said. */
  readonly because: readonly string[];
}

/** Asks the engine that a setting names; with `auto` SQLite, unless the data is too large for it or only DuckDB can answer. */
export async function chooseEngine(
  setting: 'auto' | EngineName,
  snapshot: Snapshot,
  question: Question,
  ask: (engine: EngineName) => Promise<Answer>,
): Promise<ChosenAnswer> {
  if (setting !== 'auto') return { answer: await ask(setting), engine: setting, because: [] };
  if (engineFor(setting, snapshot, question) === 'duckdb') {
    const megabytes = Math.round(neededBytes(snapshot, question) / 1_000_000);
    const because = `DuckDB ran this: it reads ${megabytes} MB of data, more than SQLite holds well.`;
    return { answer: await ask('duckdb'), engine: 'duckdb', because: [because] };
  }
  const answer = await ask('sqlite');
  if (answer.kind === 'rows' || !answer.problems.some((problem) => problem.message.endsWith(duckDbCan)))
    return { answer, engine: 'sqlite', because: [] };
  return { answer: await ask('duckdb'), engine: 'duckdb', because: ['DuckDB ran this: SQLite cannot.'] };
}

/** The engine to ask first. */
export function engineFor(setting: 'auto' | EngineName, snapshot: Snapshot, question: Question): EngineName {
  if (setting !== 'auto') return setting;
  return neededBytes(snapshot, question) > mostBytesForSqlite ? 'duckdb' : 'sqlite';
}

/** How many bytes of files a question reads, through everything upstream of it. */
export function neededBytes(snapshot: Snapshot, question: Question): number {
  const wanted = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const parent of snapshot.graph.parents(id)) visit(parent);
  };
  if (question.kind === 'node') visit(question.node);
  else {
    if (question.within !== undefined) visit(question.within);
    const words = new Set(question.sql.toLowerCase().match(/[a-z_][\w$]*/g));
    for (const node of snapshot.nodes.values()) if (words.has(node.name.toLowerCase())) visit(node.id);
  }
  const paths = new Set<string>();
  for (const id of wanted) {
    const node = snapshot.nodes.get(id);
    if (node?.kind === 'seed') paths.add(node.path);
    else if (node?.kind === 'source' && node.data !== undefined) paths.add(node.data.path);
  }
  return [...paths].reduce((sum, path) => sum + (snapshot.sources.find(path)?.size ?? 0), 0);
}
