import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';

/** The SQL of a node as dbt would run it. */
export interface Compiled {
  readonly id: NodeId;
  readonly sql: string;
  readonly problems: readonly Problem[];
}

/** Compiles a node: its rendered text, with the ephemeral models that it reads written in front; undefined for what has no SQL. */
export function compileNode(snapshot: Snapshot, id: NodeId): Compiled | undefined {
  const node = snapshot.nodes.get(id);
  const text = snapshot.texts.get(id);
  if (node === undefined || text === undefined) return undefined;
  if (node.kind === 'model' && node.language === 'python') return { id, sql: text.source, problems: [] };
  const { rendering } = text;
  const problems = [...rendering.problems];
  if (rendering.status === 'needs-data')
    problems.push(
      toProblem(
        'needs-data',
        `The SQL depends on what a query answers: ${rendering.queriesNeeded.join('; ').replace(/\s+/g, ' ').trim()}`,
        text.path,
      ),
    );
  return { id, sql: withEphemerals(rendering.sql, collectEphemerals(snapshot, id)), problems };
}

/** The ephemeral models that a node reads, those that others among them read first. */
function collectEphemerals(snapshot: Snapshot, id: NodeId): readonly { readonly name: string; readonly sql: string }[] {
  const found = new Map<NodeId, { name: string; sql: string }>();
  const open = new Set<NodeId>();
  const visit = (at: NodeId): void => {
    for (const call of [...(snapshot.texts.get(at)?.rendering.refs ?? [])]) {
      const parent = call.node;
      const node = parent === undefined ? undefined : snapshot.nodes.get(parent);
      if (parent === undefined || node === undefined || !isRelation(node) || node.materialized !== 'ephemeral') continue;
      if (found.has(parent) || open.has(parent)) continue;
      open.add(parent);
      visit(parent);
      found.set(parent, { name: `__dbt__cte__${node.identifier}`, sql: snapshot.texts.get(parent)?.rendering.sql ?? '' });
    }
  };
  visit(id);
  return [...found.values()];
}

/** Puts common table expressions in front of a query, joining its own WITH where it has one, as dbt does. */
export function withEphemerals(sql: string, ctes: readonly { readonly name: string; readonly sql: string }[]): string {
  if (ctes.length === 0) return sql;
  const texts = ctes.map((cte) => ` ${cte.name} as (\n${cte.sql}\n)`).join(', ');
  const own = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*with\b(?:\s+recursive\b)?\s*/i.exec(sql);
  if (own !== null) return `${sql.slice(0, own[0].length)}${texts}, ${sql.slice(own[0].length)}`;
  const start = /\S/.exec(sql)?.index ?? sql.length;
  return `${sql.slice(0, start)}with${texts} ${sql.slice(start)}`;
}
