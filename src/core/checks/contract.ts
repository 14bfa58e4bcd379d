import type { PreviewSession } from '../engine/preview.ts';
import { toCell, toEngineColumns } from '../engine/run-sql.ts';
import type { DeclaredConstraint, ModelNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { NodeId } from '../text/ids.ts';
import { findNearest } from '../text/nearest.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { formatType, toValueType, type ValueType } from '../translate/value-type.ts';
import type { SampleRows } from './result.ts';
import type { Outcome } from './run-data-test.ts';
import { sampleSize } from './run-data-test.ts';

/** What a model with an enforced contract breaks of it: columns, types, and constraints over the rows that it yields. */
export async function checkContract(
  session: PreviewSession,
  snapshot: Snapshot,
  model: ModelNode,
  table: KnownTable,
  signal?: AbortSignal,
): Promise<Outcome | undefined> {
  if (!model.contract) return undefined;
  const broken = compareColumns(model, table.columns, snapshot.project.dialect);
  let sample: SampleRows | undefined;
  for (const constraint of model.constraints) {
    const violation = await checkConstraint(session, snapshot, model, table, constraint, signal);
    if (violation === undefined) continue;
    broken.push(violation.message);
    sample ??= violation.sample;
  }
  if (broken.length === 0) return undefined;
  const message = `The contract of '${model.name}' is broken: ${broken.join(' ')}`;
  return { status: 'error', failures: broken.length, message, ...(sample === undefined ? {} : { sample }) };
}

/** The differences between the columns that a contract names and those that a model yields, a sentence for each. */
export function compareColumns(model: Pick<ModelNode, 'columns'>, actual: readonly TableColumn[], dialect: Dialect): string[] {
  const names = new Map(actual.map((column) => [column.name.toLowerCase(), column]));
  const found: string[] = [];
  for (const column of model.columns) {
    const own = names.get(column.name.toLowerCase());
    if (own === undefined) {
      const near = findNearest(column.name, [...names.keys()]);
      found.push(`it promises '${column.name}', which the model does not give${near === undefined ? '' : `; there is '${near}'`}.`);
      continue;
    }
    const wanted = toValueType(column.type ?? '', dialect);
    if (column.type !== undefined && !isSameType(wanted, own.type, dialect))
      found.push(`'${column.name}' is promised as ${column.type} and comes as ${formatType(own.type)}.`);
  }
  const promised = new Set(model.columns.map((column) => column.name.toLowerCase()));
  for (const column of actual)
    if (!promised.has(column.name.toLowerCase())) found.push(`the model gives '${column.name}', which it does not promise.`);
  return found;
}

/** Types that a preview can tell apart for certain; floats and decimals, and timestamps with and without a zone, it cannot always. */
function isSameType(a: ValueType, b: ValueType, dialect: Dialect): boolean {
  const family = ({ kind }: ValueType): string => {
    if (kind === 'float' || kind === 'decimal') return 'number';
    // SQLite keeps dates as text and booleans as integers.
    if (dialect === 'sqlite' && (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz' || kind === 'time')) return 'string';
    if (dialect === 'sqlite' && kind === 'boolean') return 'integer';
    if (kind === 'timestamp' || kind === 'timestamptz') return 'timestamp';
    if (kind === 'json' || kind === 'variant' || kind === 'struct' || kind === 'map') return 'nested';
    return kind;
  };
  const unknown = (type: ValueType): boolean => type.kind === 'unknown' || type.kind === 'null';
  return unknown(a) || unknown(b) || family(a) === family(b);
}

interface Violation {
  readonly message: string;
  readonly sample?: SampleRows;
}

async function checkConstraint(
  session: PreviewSession,
  snapshot: Snapshot,
  model: ModelNode,
  table: KnownTable,
  constraint: DeclaredConstraint,
  signal: AbortSignal | undefined,
): Promise<Violation | undefined> {
  const own = constraint.columns.map((name) => table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()));
  // A column that is not there was said already.
  if (own.some((column) => column === undefined)) return undefined;
  const names = own.flatMap((column) => (column === undefined ? [] : [quote(column.name)]));
  const label = constraint.columns.join(', ');
  const from = quote(table.physical);
  switch (constraint.kind) {
    case 'not_null':
      return violated(
        session,
        table,
        `select * from ${from} where ${names.map((name) => `${name} is null`).join(' or ')}`,
        `'${label}' is NULL`,
      );
    case 'unique':
    case 'primary_key': {
      const keys = names.join(', ');
      const present = names.map((name) => `${name} is not null`).join(' and ');
      const repeated = `select * from ${from} where (${keys}) in (select ${keys} from ${from} where ${present} group by ${keys} having count(*) > 1)`;
      const nulls = constraint.kind === 'unique' ? '' : ` or ${names.map((name) => `${name} is null`).join(' or ')}`;
      return violated(session, table, repeated + nulls, `'${label}' is not ${constraint.kind === 'unique' ? 'unique' : 'a primary key'}`);
    }
    case 'foreign_key':
      return checkForeignKey(session, snapshot, table, constraint, names, signal);
    case 'check': {
      if (constraint.expression === undefined) return undefined;
      const relation = [model.schema, model.identifier].filter((part) => part !== '').join('.');
      const answer = await session.preview({ kind: 'sql', sql: `select * from ${relation} where not (${constraint.expression})` }, signal);
      if (answer.kind === 'failed')
        return { message: `the check (${constraint.expression}) could not be run: ${answer.problems[0]?.message ?? ''}` };
      const { result } = answer;
      try {
        if (result.rowCount === 0) return undefined;
        const sample = { columns: result.columns, rows: await result.page(0, sampleSize), rowCount: result.rowCount };
        return { message: `the check (${constraint.expression}) does not hold in ${toRows(result.rowCount)}.`, sample };
      } finally {
        await result.drop();
      }
    }
    case 'custom':
      return undefined;
  }
}

async function checkForeignKey(
  session: PreviewSession,
  snapshot: Snapshot,
  table: KnownTable,
  constraint: DeclaredConstraint,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Violation | undefined> {
  const id = findEntity(snapshot, constraint.to ?? '');
  if (id === undefined) return { message: `its foreign key names '${constraint.to ?? ''}', which is not in the project.` };
  const standing = await session.relation(id, signal);
  if (standing.kind === 'failed') return { message: `its foreign key could not be looked at: ${standing.problem.message}` };
  const columns = (constraint.toColumns ?? constraint.columns).map((name) => quote(name));
  const match = names.map((name, i) => `other.${columns[i] ?? name} = own.${name}`).join(' and ');
  const present = names.map((name) => `own.${name} is not null`).join(' and ');
  const sql = `select own.* from ${quote(table.physical)} as own where ${present} and not exists (select 1 from ${quote(standing.table.physical)} as other where ${match})`;
  return violated(session, table, sql, `'${constraint.columns.join(', ')}' is not in '${snapshot.nodes.get(id)?.name ?? id}'`);
}

/** The node that a constraint names by `ref(…)`, `source(…)` or as the database knows it. */
function findEntity(snapshot: Snapshot, written: string): NodeId | undefined {
  const reference = /^\s*(ref|source)\s*\(([^)]*)\)/.exec(written);
  const parts = (reference?.[2] ?? written).split(reference === null ? '.' : ',').map((part) =>
    part
      .trim()
      .replace(/^['"`]|['"`]$/g, '')
      .toLowerCase(),
  );
  const name = parts.at(-1) ?? '';
  for (const node of snapshot.nodes.values())
    if (isRelation(node) && node.enabled && (node.name.toLowerCase() === name || node.identifier.toLowerCase() === name))
      if (reference?.[1] !== 'source' || (node.kind === 'source' && node.sourceName.toLowerCase() === parts[0])) return node.id;
  return undefined;
}

async function violated(session: PreviewSession, table: KnownTable, sql: string, what: string): Promise<Violation | undefined> {
  const counted = await session.engine.query(`select count(*) from (${sql})`, { offset: 0, limit: 1 });
  const rowCount = Number(counted.rows[0]?.[0] ?? 0);
  if (rowCount === 0) return undefined;
  const page = await session.engine.query(sql, { offset: 0, limit: sampleSize });
  const rows = page.rows.map((row) => row.map((cell, i) => toCell(cell, table.columns[i]?.type ?? { kind: 'unknown' })));
  return { message: `${what} in ${toRows(rowCount)}.`, sample: { columns: toEngineColumns(table.columns), rows, rowCount } };
}

const toRows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
