import type pg from 'pg';
import { compileNode } from '../../../src/core/dbt/compile.ts';
import { isRelation, type ProjectNode } from '../../../src/core/project/node.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { readRows } from './rows.ts';

/** Every relation of the project after those it is made from. */
export function inOrder(snapshot: Snapshot): readonly ProjectNode[] {
  const done = new Set<ProjectNode>();
  const visit = (node: ProjectNode): void => {
    if (done.has(node)) return;
    for (const parent of snapshot.graph.parents(node.id)) visit(snapshot.nodes.get(parent)!);
    done.add(node);
  };
  for (const node of snapshot.nodes.values()) if (isRelation(node)) visit(node);
  return [...done].filter((node) => isRelation(node));
}

/** Runs a whole project the way dbt would, in a real PostgreSQL: seeds and sources loaded, models made one after the other. */
export async function buildInPostgres(client: pg.Client, sample: string, snapshot: Snapshot): Promise<void> {
  for (const node of inOrder(snapshot)) {
    if (!isRelation(node) || node.materialized === 'ephemeral') continue;
    const relation = `"${node.schema}"."${node.identifier}"`;
    await client.query(`create schema if not exists "${node.schema}"`);
    if (node.kind === 'seed') {
      const types = (node.config.column_types ?? {}) as Readonly<Record<string, string>>;
      await load(client, relation, readRows(sample, node.path), types);
    } else if (node.kind === 'source') {
      const types = Object.fromEntries(node.columns.map((column) => [column.name, column.type ?? 'text']));
      await load(client, relation, readRows(sample, `data/${node.sourceName}_${node.name}.csv`), types);
    } else {
      await client.query(`create table ${relation} as\n${compileNode(snapshot, node.id)!.sql}`).catch((error: Error) => {
        throw new Error(`${node.name}: ${error.message}`);
      });
      const declared = [...node.constraints, ...node.columns.flatMap((column) => column.constraints)];
      const primary = declared.find((constraint) => constraint.kind === 'primary_key');
      if (primary !== undefined) await client.query(`alter table ${relation} add primary key (${primary.columns.join(', ')})`);
    }
  }
}

async function load(
  client: pg.Client,
  relation: string,
  rows: ReturnType<typeof readRows>,
  types: Readonly<Record<string, string>>,
): Promise<void> {
  const columns = Object.keys(rows[0]!).map((name) => `"${name}" ${types[name] ?? 'text'}`);
  await client.query(`create table ${relation} (${columns.join(', ')})`);
  const values = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? null : value])));
  await client.query(`insert into ${relation} select * from json_populate_recordset(null::${relation}, $1)`, [JSON.stringify(values)]);
}
