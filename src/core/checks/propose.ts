import type { PreviewSession } from '../engine/preview.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import type { WrittenTest } from './write-tests.ts';

/** A test that the data at hand would pass, and what was seen in them. */
export interface Proposal extends WrittenTest {
  /** `unique and never null in 12,400 rows`. */
  readonly because: string;
}

/** Fewer rows are no evidence. */
const fewestRows = 5;
const mostValues = 10;
const keyName = /(^|_)(id|key|uuid|sk)$/i;

/** Tests that a model or seed has not yet and that its rows speak for; a Problem says why it cannot be looked at. */
export async function proposeTests(
  session: PreviewSession,
  snapshot: Snapshot,
  id: NodeId,
  signal?: AbortSignal,
): Promise<readonly Proposal[] | Problem> {
  const standing = await session.relation(id, signal);
  if (standing.kind === 'failed') return standing.problem;
  const { table } = standing;
  const facts = await measure(session, table);
  const existing = testsOn(snapshot, id);
  const found: Proposal[] = [];
  const rows = facts[0]?.rows ?? 0;
  if (rows < fewestRows) return found;
  for (const fact of facts) {
    const { column, nulls, distinct } = fact;
    const has = (name: string): boolean => existing.has(`${name} ${column.name.toLowerCase()}`);
    const isKey = keyName.test(column.name) && nulls === 0 && distinct === rows;
    const label = `${rows.toLocaleString('en')} rows`;
    if (isKey && !has('unique')) found.push({ column: column.name, name: 'unique', because: `unique in ${label}` });
    if (isKey && !has('not_null')) found.push({ column: column.name, name: 'not_null', because: `never null in ${label}` });
    if (!isKey && keyName.test(column.name) && !has('relationships')) {
      const parent = await findParent(session, snapshot, id, table, column, signal);
      if (parent !== undefined) {
        found.push({
          column: column.name,
          name: 'relationships',
          arguments: { to: `ref('${parent.node.name}')`, field: parent.field },
          because: `each of ${distinct.toLocaleString('en')} values exists in ${parent.node.name}.${parent.field}`,
        });
        if (nulls === 0 && !has('not_null')) found.push({ column: column.name, name: 'not_null', because: `never null in ${label}` });
      }
    }
    const few = column.type.kind === 'string' && distinct >= 2 && distinct <= mostValues && rows - nulls >= distinct * 3;
    if (few && !keyName.test(column.name) && !has('accepted_values')) {
      const values = await valuesOf(session, table, column);
      found.push({ column: column.name, name: 'accepted_values', arguments: { values }, because: `${distinct} values in ${label}` });
    }
  }
  return found;
}

interface Fact {
  readonly column: TableColumn;
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
}

async function measure(session: PreviewSession, table: KnownTable): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const column of table.columns) {
    const name = quote(column.name);
    const sql = `select count(*), count(*) - count(${name}), count(distinct ${name}) from ${quote(table.physical)}`;
    const [[rows = 0, nulls = 0, distinct = 0] = []] = (await session.engine.query(sql, { offset: 0, limit: 1 })).rows;
    facts.push({ column, rows: Number(rows), nulls: Number(nulls), distinct: Number(distinct) });
  }
  return facts;
}

async function valuesOf(session: PreviewSession, table: KnownTable, column: TableColumn): Promise<readonly string[]> {
  const name = quote(column.name);
  const sql = `select distinct ${name} from ${quote(table.physical)} where ${name} is not null order by 1`;
  const page = await session.engine.query(sql, { offset: 0, limit: mostValues });
  return page.rows.map((row) => String(row[0]));
}

/** The tests that columns of a node have, as `name column`. */
function testsOn(snapshot: Snapshot, id: NodeId): ReadonlySet<string> {
  const found = new Set<string>();
  for (const child of snapshot.graph.children(id)) {
    const node = snapshot.nodes.get(child);
    if (node?.kind !== 'test' || node.generic?.column === undefined || node.attached !== id) continue;
    found.add(`${node.generic.macro} ${node.generic.column.replaceAll('"', '').toLowerCase()}`);
  }
  return found;
}

/** A relation whose key holds every value of a column: one with a column of that name, or of the name `id` behind its own. */
async function findParent(
  session: PreviewSession,
  snapshot: Snapshot,
  id: NodeId,
  table: KnownTable,
  column: TableColumn,
  signal: AbortSignal | undefined,
): Promise<{ readonly node: ProjectNode; readonly field: string } | undefined> {
  const below = snapshot.graph.descendants(id);
  const stem = column.name.toLowerCase().replace(/_(id|key|uuid|sk)$/, '');
  for (const node of snapshot.nodes.values()) {
    if (!isRelation(node) || node.kind === 'source' || node.id === id || !node.enabled || below.has(node.id)) continue;
    const columns = snapshot.columns.get(node.id) ?? [];
    const same = columns.find((one) => one.name.toLowerCase() === column.name.toLowerCase());
    const isNamed = new RegExp(`(^|_)${stem}(s|es)?$`, 'i').test(node.name);
    const field = same ?? (isNamed ? columns.find((one) => one.name.toLowerCase() === 'id') : undefined);
    if (field === undefined || !testsOn(snapshot, node.id).has(`unique ${field.name.toLowerCase()}`)) continue;
    const standing = await session.relation(node.id, signal);
    if (standing.kind === 'failed') continue;
    const own = quote(column.name);
    const orphans = `select 1 from ${quote(table.physical)} where ${own} is not null and ${own} not in (select ${quote(field.name)} from ${quote(standing.table.physical)} where ${quote(field.name)} is not null)`;
    const page = await session.engine.query(orphans, { offset: 0, limit: 1 });
    if (page.rows.length === 0) return { node, field: field.name };
  }
  return undefined;
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
