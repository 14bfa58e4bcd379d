import type { ModelNode, ProjectNode } from '../project/node.ts';
import { stemOf } from '../project/source-data.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Statement } from '../sql/ir.ts';
import { parseSql } from '../sql/parse.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import type { KnownTable } from '../translate/table.ts';
import type { RelationBuilder } from './relation-builder.ts';
import { tablesIn } from './relation-names.ts';
import { readPlain, whyNotRun } from './script-check.ts';
import { type Script, ScriptRun } from './script-run.ts';
import { type Built, Stopped, type Work } from './work.ts';

/** A file of statements. */
interface ScriptFile {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Statement[];
}

const changes = new Set(['update', 'delete', 'merge']);

/** The files of a project without dbt whose statements must be run one after the other to know what a table holds. */
export class Scripts {
  #files: readonly ScriptFile[] | undefined;

  constructor(private readonly snapshot: Snapshot) {}

  /** The files that make or change a table, where its rows cannot be told from its queries alone. */
  filesOf(node: ModelNode): readonly ScriptFile[] | undefined {
    if (this.snapshot.project.kind !== 'sql') return undefined;
    const parts = [node.schema, node.identifier];
    const files = this.#read().filter((file) =>
      node.materialized === 'query' ? file.path === node.path : file.statements.some((statement) => touches(statement, file.text, parts)),
    );
    const own = node.materialized === 'temporary' ? files.filter((file) => file.path === node.path) : files;
    if (own.some((file) => file.statements.some((statement) => changes.has(statement.kind) || isTruncation(statement, file.text))))
      return own;
    // An INSERT that does more than add rows is not to be taken for one that adds them.
    const refused = own.flatMap((file) => file.statements.filter((statement) => whyNotRun(statement, file.text) !== undefined));
    if (refused.some(({ kind }) => kind === 'insert')) return own;
    // Rows that are only added are the same in any order, unless something reads the table between two additions.
    const adds = own.some((file) => file.statements.some(({ kind }) => kind === 'insert') && file.statements.filter(hasRows).length > 1);
    return adds && refused.length === 0 ? own : undefined;
  }

  #read(): readonly ScriptFile[] {
    this.#files ??= this.snapshot.sources.below('', '.sql').flatMap((path) => {
      const text = this.snapshot.sources.find(path)?.text;
      return text === undefined ? [] : [{ path, text, statements: parseSql(text, this.snapshot.project.dialect).statements }];
    });
    return this.#files;
  }
}

/** A table as the statements of some files leave it. */
export async function runScripts(builder: RelationBuilder, node: ModelNode, files: readonly ScriptFile[], work: Work): Promise<Built> {
  const made = new Set(files.flatMap((file) => file.statements.flatMap(({ target }) => target?.at(-1)?.text.toLowerCase() ?? [])));
  const parents: KnownTable[] = [];
  for (const { statements } of files)
    for (const { query } of statements)
      for (const names of tablesIn(query)) {
        const id = builder.names.find(names, node.id);
        const own = made.has(names.at(-1)?.text.toLowerCase() ?? '');
        if (id !== undefined && !own && !work.path.includes(id)) parents.push(await builder.build(id, work));
      }
  const key = toHash([...files.map((file) => file.text), node.id, work.run.now, ...parents.map((parent) => parent.physical)].join('\n'));
  const physical = `${node.id}:script:${key}`;
  const known = builder.standing.find(physical);
  if (known !== undefined) return known;
  builder.progress.say(`Running ${files.map((file) => file.path).join(', ')}`);
  const scripts = files.map((file): Script => ({ text: file.text, place: { path: file.path, text: file.text } }));
  const run = new ScriptRun(builder, physical, work, (parts) => initialRows(builder, parts, work));
  try {
    await run.run(scripts);
    const table =
      node.materialized === 'query'
        ? await run.takeQuery(queryIndex(node), physical)
        : await run.take(
            [node.schema, node.identifier].filter((part) => part !== ''),
            physical,
          );
    if (table === undefined)
      throw new Stopped(
        toProblem('preview-refused', `'${node.name}' does not stand any more at the end of its script: it was dropped.`, node.path),
      );
    const count = files.reduce((sum, file) => sum + file.statements.length, 0);
    return {
      ...table,
      key,
      notes: [`'${node.name}' is what ${count} statements leave, run in order: ${files.map((file) => file.path).join(', ')}.`],
    };
  } finally {
    await run.clean();
  }
}

/** The rows that a file of the project holds for a table. */
export async function initialRows(builder: RelationBuilder, parts: readonly string[], work: Work): Promise<KnownTable | undefined> {
  const name = parts.at(-1)?.toLowerCase();
  const holds = (node: ProjectNode): boolean =>
    (node.kind === 'seed' && node.identifier.toLowerCase() === name) ||
    (node.kind === 'source' && node.data !== undefined && node.identifier.toLowerCase() === name);
  const node = [...builder.snapshot.nodes.values()].find((candidate) => candidate.enabled && holds(candidate));
  const id: NodeId | undefined = node?.id;
  return id === undefined || work.path.includes(id) ? undefined : builder.build(id, work);
}

function touches(statement: Statement, text: string, parts: readonly string[]): boolean {
  const names = statement.target?.flatMap(({ text: part }) => part.split('.')) ?? droppedName(statement, text);
  if (
    names === undefined ||
    (statement.query === undefined && changes.has(statement.kind) === false && statement.kind !== 'define' && statement.kind !== 'other')
  )
    return false;
  const shared = Math.min(names.length, parts.filter((part) => part !== '').length);
  for (let i = 1; i <= shared; i++) if (names.at(-i)?.toLowerCase() !== parts.at(-i)?.toLowerCase()) return false;
  return shared > 0;
}

function droppedName(statement: Statement, text: string): readonly string[] | undefined {
  const plain = statement.kind === 'other' ? readPlain(text.slice(statement.span.start, statement.span.end)) : undefined;
  return plain === undefined || plain.kind === 'pass' ? undefined : plain.name.split('.');
}

function isTruncation(statement: Statement, text: string): boolean {
  return statement.kind === 'other' && readPlain(text.slice(statement.span.start, statement.span.end))?.kind === 'truncate';
}

function hasRows({ query }: Statement): boolean {
  return query !== undefined;
}

/** Which of the queries that stand alone in its file a node is. */
function queryIndex(node: ModelNode): number {
  const stem = stemOf(node.path);
  const suffix = node.name.startsWith(`${stem}_`) ? Number(node.name.slice(stem.length + 1)) : 1;
  return Number.isInteger(suffix) && suffix > 0 ? suffix - 1 : 0;
}
