import type { Macro } from '../dbt/macro-library.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap, type Location } from '../text/span.ts';
import type { Edge } from './graph.ts';
import type { ModelNode, ProjectNode, RelationNode } from './node.ts';
import { isRelation } from './node.ts';
import { nameIndex } from './relation-names.ts';
import { isMap } from './yaml.ts';

/** The codes of what is found here, which follows from nodes and edges and not from one file's text. */
export const refusalCodes: ReadonlySet<string> = new Set([
  'config-refused',
  'doc-unknown',
  'ref-private',
  'relation-duplicate',
  'source-is-built',
]);

/** What dbt refuses although every file of it can be read: told for the root project's nodes, as a package's are its maker's business. */
export function findRefusals(
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  edges: readonly Edge[],
  root: { readonly name: string; readonly missingPackages: boolean },
): readonly Problem[] {
  const problems = [
    ...findPrivateReferences(nodes, edges, root.name),
    ...findSharedRelations(nodes, root),
    ...findBuiltSources(nodes, root.name),
  ];
  for (const node of nodes.values()) {
    if (node.package !== root.name) continue;
    // What comes of a package that is not installed stands in configurations too.
    if (node.enabled && !root.missingPackages)
      for (const message of refusedConfig(node)) problems.push(toProblem('config-refused', message, placeOf(node)));
    const described = [{ text: node.description, at: placeOf(node) }];
    for (const { description = '', from } of node.columns) described.push({ text: description, at: toLocation(from) });
    for (const { text, at } of node.enabled ? described : []) {
      const name = /\{\{-?\s*doc\(\s*['"]([^'"]*)/.exec(text)?.[1];
      if (name !== undefined) problems.push(toProblem('doc-unknown', `There is no docs block '${name}'.`, at));
    }
  }
  return problems;
}

function placeOf(node: ProjectNode): Location {
  return toLocation(node.patch ?? { path: node.path, line: 1 });
}

function toLocation({ path, line }: { readonly path: string; readonly line: number }): Location {
  const start = { line, column: 1 };
  return { path, start, end: start };
}

/** References to private models from outside of their group. */
function findPrivateReferences(nodes: ReadonlyMap<NodeId, ProjectNode>, edges: readonly Edge[], root: string): Problem[] {
  return edges.flatMap(({ from, to }) => {
    const target = nodes.get(from);
    const node = nodes.get(to);
    if (target?.kind !== 'model' || target.access !== 'private' || node === undefined || node.package !== root) return [];
    if (node.kind === 'unit_test' || node.group === target.group) return [];
    const message = `'${node.name}' reads the model '${target.name}', which is private to the group '${target.group ?? ''}': only that group may.`;
    return [toProblem('ref-private', message, node.kind === 'model' ? node.path : placeOf(node))];
  });
}

/** Two nodes that dbt would build as one and the same relation. */
function findSharedRelations(
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  root: { readonly name: string; readonly missingPackages: boolean },
): Problem[] {
  const known = new Map<string, RelationNode>();
  const problems: Problem[] = [];
  for (const node of nodes.values()) {
    if (!isRelation(node) || node.kind === 'source' || !node.enabled || node.materialized === 'ephemeral') continue;
    const name = [node.database, node.schema, node.identifier].filter((part) => part !== '').join('.');
    const other = known.get(name);
    if (other === undefined) known.set(name, node);
    else if (node.package === root.name || other.package === root.name) {
      const told = node.package === root.name ? node : other;
      const beside = told === node ? other : node;
      const message = `'${told.name}' and '${beside.name}' (${beside.path}) would both be ${name}: give one of them an alias or a schema of its own.`;
      // A package that is not installed may be what tells them apart.
      problems.push(toProblem('relation-duplicate', message, told.path, root.missingPackages ? 'warning' : 'error'));
    }
  }
  return problems;
}

/** Sources that name a relation which the project itself builds: dbt does not know that one has to come before the other. */
function findBuiltSources(nodes: ReadonlyMap<NodeId, ProjectNode>, root: string): Problem[] {
  const index = nameIndex(nodes.values());
  return [...nodes.values()].flatMap((node) => {
    if (node.kind !== 'source' || !node.enabled || node.package !== root) return [];
    const built = nodes.get(index.find([node.database, node.schema, node.identifier]) ?? node.id);
    if (built === undefined || built.kind === 'source' || (isRelation(built) && built.materialized === 'ephemeral')) return [];
    const message = `The source '${node.sourceName}.${node.name}' is the relation that the ${built.kind} '${built.name}' (${built.path}) builds: read it with ref('${built.name}'), so that it is built first.`;
    return [toProblem('source-is-built', message, placeOf(node))];
  });
}

/** Why dbt does not take a node's configuration, in sentences. */
function refusedConfig(node: ProjectNode): readonly string[] {
  const { config } = node;
  const reasons: string[] = [];
  if (typeof config.enabled === 'string' && !/\{|^\s*(true|false)\s*$/i.test(config.enabled))
    reasons.push(`'enabled' of '${node.name}' is the text '${config.enabled}': write true or false.`);
  if (node.kind === 'seed' && config.materialized !== undefined && config.materialized !== 'seed')
    reasons.push(`The seed '${node.name}' cannot be materialized as '${config.materialized}'.`);
  if (node.kind === 'snapshot') {
    const missing = ['strategy', 'unique_key'].filter((key) => config[key] === undefined || config[key] === null);
    if (missing.length > 0) reasons.push(`The snapshot '${node.name}' needs ${missing.map((key) => `'${key}'`).join(' and ')}.`);
    if (config.materialized !== undefined && config.materialized !== 'snapshot')
      reasons.push(`The snapshot '${node.name}' cannot be materialized as '${config.materialized}'.`);
  }
  if (node.kind === 'model') reasons.push(...refusedModel(node));
  return reasons;
}

function refusedModel(node: ModelNode): readonly string[] {
  const { config, name } = node;
  const { access } = config;
  const reasons: string[] = [];
  if (typeof access === 'string' && !['private', 'protected', 'public'].includes(access))
    reasons.push(`'access' of '${name}' is '${access}': it can be private, protected or public.`);
  if (access === 'public' && node.materialized === 'ephemeral') reasons.push(`'${name}' is ephemeral, so its access cannot be public.`);
  if (!isMap(config.contract) || config.contract.enforced !== true || node.language === 'python') return reasons;
  if (node.columns.length === 0) reasons.push(`The contract of '${name}' is enforced, and no properties file lists its columns.`);
  if (node.materialized === 'incremental' && !['append_new_columns', 'fail'].includes(String(config.on_schema_change ?? 'ignore')))
    reasons.push(`'${name}' is incremental with a contract: set on_schema_change to 'append_new_columns' or 'fail'.`);
  const ofColumns = node.columns.filter((column) => column.constraints.some((one) => one.kind === 'primary_key'));
  const all = node.constraints.filter((one) => one.kind === 'primary_key').length;
  if (ofColumns.length > 1)
    reasons.push(
      `${ofColumns.length} columns of '${name}' are its primary key by themselves: declare one of several columns at the model.`,
    );
  else if (ofColumns.length === 1 && all > 1)
    reasons.push(`The primary key of '${name}' is declared at the model and at a column: keep one.`);
  return reasons;
}

/** Macros of the root project that have the same name. */
export function findDuplicateMacros(macros: readonly Macro[], root: string): readonly Problem[] {
  const known = new Map<string, Macro>();
  return macros.flatMap((macro) => {
    if (macro.package !== root) return [];
    const other = known.get(macro.id);
    known.set(macro.id, other ?? macro);
    if (other === undefined) return [];
    const line = new LineMap(other.file).position(other.span.start).line;
    const message = `The macro '${macro.name}' is defined twice; the other place is ${other.path}:${line}. Rename or remove one.`;
    return [toProblem('macro-duplicate', message, new LineMap(macro.file).location(macro.path, macro.span))];
  });
}
