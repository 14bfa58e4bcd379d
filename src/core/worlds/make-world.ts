import { toTypeText } from '../lineage/project-columns.ts';
import { worldFolder } from '../project/world.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { NodeId } from '../text/ids.ts';
import { type ColumnPlan, planTables } from './column-plan.ts';
import { constraintsOf } from './constraints.ts';
import type { Demands } from './demand.ts';
import { learn, relationsWithoutRows } from './learn.ts';
import { type MadeTable, type MakeOptions, makeTables } from './make-rows.ts';
import type { Override } from './repair.ts';
import { toCsv, type World, writeWorld } from './world-file.ts';

/** A world with its files as they lie among a project's. */
export interface Made {
  readonly world: World;
  readonly files: Readonly<Record<string, string>>;
  readonly tables: readonly MadeTable[];
}

/** Makes the rows of everything that a selection reads and that has none. */
export function makeWorld(
  snapshot: Snapshot,
  selected: ReadonlySet<NodeId>,
  name: string,
  options: MakeOptions & {
    /** The models that had no rows, whose conditions come first. */ readonly focus?: ReadonlySet<NodeId> /** What running over an earlier world taught. */;
    readonly overrides?: ReadonlyMap<string, Override>;
    readonly demands?: Demands;
  },
): Made {
  const ids = relationsWithoutRows(snapshot, selected);
  const demands = options.demands ?? learn(snapshot, new Set(ids));
  const above = new Set(
    [...(options.focus ?? [])].flatMap((id) => [
      snapshot.nodes.get(id)?.path,
      ...[...snapshot.graph.ancestors(id)].map((one) => snapshot.nodes.get(one)?.path),
    ]),
  );
  const scenarios =
    options.focus === undefined
      ? demands.scenarios
      : [...demands.scenarios].sort((a, b) => Number(above.has(b.because.path)) - Number(above.has(a.because.path)));
  const kept = options.focus === undefined ? scenarios : scenarios.filter((one) => above.has(one.because.path));
  const plans = planTables(snapshot, ids, { ...demands, scenarios: kept.length > 0 ? kept : scenarios }, options.overrides);
  const tables = makeTables(plans, options);
  const { dialect } = snapshot.project;
  const at = new Date(options.now).toISOString().replace('.000', '');
  const files: Record<string, string> = {};
  const worldTables = tables.map(({ plan, rows }) => {
    const file = `${plan.node.replace(/[^\w.-]/g, '_')}.csv`;
    const path = `${worldFolder}/${file}`;
    const types = Object.fromEntries(plan.columns.map((column) => [column.name.toLowerCase(), typeOf(column, dialect)]));
    files[path] = toCsv(
      plan.columns.length === 0 ? ['hw_none'] : plan.columns.map((column) => column.name),
      plan.columns.length === 0 ? rows.map(() => ['1']) : rows,
    );
    return { node: plan.node, file, rows: rows.length, types, constraints: constraintsOf(plan, rows, tables, demands) };
  });
  const world: World = { name, kind: 'synthetic', seed: options.seed, at, tables: worldTables };
  files[`${worldFolder}/world.yml`] = writeWorld(world);
  return { world, files, tables };
}

const documents: Partial<Record<Dialect, string>> = {
  snowflake: 'variant',
  postgres: 'jsonb',
  bigquery: 'json',
  duckdb: 'json',
  redshift: 'super',
};

/** The type of a column, in the words of the dialect. */
function typeOf(column: ColumnPlan, dialect: Dialect): string {
  switch (column.kind) {
    case 'integer':
    case 'epoch':
      return toTypeText('bigint', dialect);
    case 'number':
      return toTypeText('double', dialect);
    case 'boolean':
      return toTypeText('boolean', dialect);
    case 'date':
      return toTypeText('date', dialect);
    case 'timestamp':
      return toTypeText('timestamp', dialect);
    case 'json':
      return column.isDocument ? (documents[dialect] ?? toTypeText('text', dialect)) : toTypeText('text', dialect);
    default:
      return toTypeText('text', dialect);
  }
}
