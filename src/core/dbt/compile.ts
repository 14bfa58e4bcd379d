import { toPlainRecord } from '../project/dbt-plain.ts';
import type { RelationNode, SourceNode, TestNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { toReadable } from '../project/node-text.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { PlainRecord, RelationName, RenderEnvironment, RenderSubject } from './environment.ts';
import { type GenericTestCall, type Rendering, renderGenericTest } from './render.ts';

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
  if (node?.kind === 'test' && node.generic !== undefined) return compileTest(snapshot, node);
  if (node === undefined || text === undefined) return undefined;
  if (node.kind === 'model' && node.language === 'python') return { id, sql: text.source, problems: [] };
  return toCompiled(snapshot, id, text.rendering.status === 'needs-data' ? toReadable(text) : text.rendering, text.path);
}

function toCompiled(snapshot: Snapshot, id: NodeId, rendering: Rendering, path: string): Compiled {
  const problems = [...rendering.problems];
  if (rendering.status === 'needs-data')
    problems.push(
      toProblem(
        'needs-data',
        `The SQL is not whole: it depends on what a query of the template answers, and there is no data for it: ${rendering.queriesNeeded.join('; ').replace(/\s+/g, ' ').trim()}`,
        path,
      ),
    );
  return { id, sql: withEphemerals(rendering.sql, collectEphemerals(snapshot, id, rendering)), problems };
}

function compileTest(snapshot: Snapshot, node: TestNode): Compiled | undefined {
  const { environment } = snapshot;
  const call = environment && toTestCall(snapshot, environment, node);
  if (environment === undefined || call === undefined) return undefined;
  const rendering = renderGenericTest(environment, toTestSubject(environment, node, ''), call);
  // The model under test is an argument, not a call; where it is ephemeral the test needs its text all the same.
  const target = { name: call.model.identifier, ...(node.attached === undefined ? {} : { node: node.attached }) };
  return toCompiled(snapshot, node.id, { ...rendering, refs: [target, ...rendering.refs] }, node.path);
}

/** The call that a generic test is; undefined where it stands on nothing that has rows. */
export function toTestCall(snapshot: Snapshot, environment: RenderEnvironment, node: TestNode): GenericTestCall | undefined {
  const target = node.attached === undefined ? undefined : snapshot.nodes.get(node.attached);
  if (node.generic === undefined || target === undefined || !isRelation(target)) return undefined;
  const { where } = node.config;
  return {
    macro: node.generic.macro,
    ...(node.generic.package === undefined ? {} : { package: node.generic.package }),
    model: relationNameOf(target, environment, node),
    ...(node.generic.column === undefined ? {} : { columnName: node.generic.column }),
    arguments: toPlainRecord(node.generic.arguments),
    ...(typeof where === 'string' && where !== '' ? { where } : {}),
  };
}

/** The relation as `ref` and `source` of the project name it, quoting and ephemeral names included. */
function relationNameOf(target: RelationNode, environment: RenderEnvironment, from: TestNode): RelationName {
  const subject = { ...toTestSubject(environment, from, ''), package: target.package };
  const found =
    target.kind === 'source'
      ? environment.resolver.source({ source: (target as SourceNode).sourceName, table: target.name }, subject)
      : environment.resolver.ref(
          {
            name: target.name,
            package: target.package,
            ...('version' in target && typeof target.version === 'string' ? { version: target.version } : {}),
          },
          subject,
        );
  return found.kind === 'found' ? found.relation : { identifier: target.name };
}

/** What a test's text is rendered as. */
export function toTestSubject(environment: RenderEnvironment, node: TestNode, text: string): RenderSubject {
  const { database, schema } = environment.target;
  return {
    id: node.id,
    name: node.name,
    package: node.package,
    path: node.path,
    text,
    resourceType: 'test',
    relation: { ...(database === undefined ? {} : { database }), schema: `${schema}_dbt_test__audit`, identifier: node.name },
    config: node.config as PlainRecord,
  };
}

/** The ephemeral models that a node reads, those that others among them read first. */
function collectEphemerals(snapshot: Snapshot, id: NodeId, first: Rendering): readonly { readonly name: string; readonly sql: string }[] {
  const found = new Map<NodeId, { name: string; sql: string }>();
  const open = new Set<NodeId>();
  const visit = (at: NodeId): void => {
    for (const call of (at === id ? first : snapshot.texts.get(at)?.rendering)?.refs ?? []) {
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
