import type { PlainRecord } from '../dbt/environment.ts';
import type { Rendering } from '../dbt/rendering.ts';
import type { NodeId } from '../text/ids.ts';
import { toPlainRecord } from './dbt-plain.ts';
import type { Parsed } from './dbt-project.ts';
import type { Edge } from './graph.ts';
import { isRelation, type ProjectNode } from './node.ts';

const elsewhere = new Set(['source', 'exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test']);

/** A node's own text and what it gave. */
type Rendered = Pick<Parsed, 'node' | 'text' | 'rendering'>;

/** dbt's `graph` as templates read it: the enabled nodes by id, in its sections. */
export function toGraphVariable(nodes: Iterable<ProjectNode>, parsed: readonly Rendered[], edges: readonly Edge[]): PlainRecord {
  const byId = new Map(parsed.map((one) => [one.node.id, one]));
  const parents = new Map<NodeId, NodeId[]>();
  for (const { from, to } of edges) {
    const known = parents.get(to);
    if (known) known.push(from);
    else parents.set(to, [from]);
  }
  const all = [...nodes].filter((node) => node.enabled);
  const section = (wanted: (node: ProjectNode) => boolean): PlainRecord =>
    whenAsked(all.filter(wanted).map((node) => [node.id, () => toGraphNode(node, parents.get(node.id) ?? [], byId.get(node.id))]));
  return {
    nodes: section((node) => !elsewhere.has(node.kind)),
    sources: section((node) => node.kind === 'source'),
    exposures: section((node) => node.kind === 'exposure'),
    metrics: section((node) => node.kind === 'metric'),
    groups: {},
    semantic_models: section((node) => node.kind === 'semantic_model'),
    saved_queries: section((node) => node.kind === 'saved_query'),
  };
}

/** A record whose values are made each time that they are asked for: most templates look at one node of thousands. */
function whenAsked(entries: readonly (readonly [key: string, value: () => PlainRecord])[]): PlainRecord {
  const record: Record<string, PlainRecord> = {};
  for (const [key, get] of entries) Object.defineProperty(record, key, { get, enumerable: true, configurable: true });
  return record;
}

function toGraphNode(node: ProjectNode, parents: readonly NodeId[], parsed: Rendered | undefined): PlainRecord {
  return {
    unique_id: node.id,
    resource_type: node.kind,
    name: node.name,
    package_name: node.package,
    path: node.path,
    original_file_path: node.path,
    fqn: node.fqn,
    tags: node.tags,
    meta: toPlainRecord(node.meta),
    description: node.description,
    group: node.group ?? null,
    config: toPlainRecord(node.config),
    columns: Object.fromEntries(
      node.columns.map((column) => [
        column.name,
        {
          name: column.name,
          description: column.description ?? '',
          data_type: column.type ?? null,
          tags: column.tags,
          meta: toPlainRecord(column.meta),
        },
      ]),
    ),
    ...(node.kind === 'source' ? {} : { depends_on: { macros: parsed?.rendering.macrosCalled ?? [], nodes: parents } }),
    ...(parsed === undefined ? {} : { raw_code: parsed.text, language: 'sql', ...toCalls(parsed.rendering) }),
    ...toRelationFields(node),
    ...toKindFields(node),
  };
}

function toCalls({ refs, sources }: Rendering): PlainRecord {
  return {
    refs: refs.map((call) => ({ name: call.name, package: call.package ?? null, version: call.version ?? null })),
    sources: sources.map((call) => [call.source, call.table]),
  };
}

function toRelationFields(node: ProjectNode): PlainRecord {
  if (!isRelation(node)) return {};
  const { database, schema, identifier } = node;
  const parts = [database, schema, identifier].filter((part) => part !== '');
  return { database, schema, alias: identifier, identifier, relation_name: parts.map((part) => `"${part}"`).join('.') };
}

/** What only one kind of node has. */
function toKindFields(node: ProjectNode): PlainRecord {
  switch (node.kind) {
    case 'model':
      return { access: node.access, version: node.version ?? null, latest_version: node.latestVersion ?? null, language: node.language };
    case 'source':
      return {
        source_name: node.sourceName,
        source_description: node.sourceDescription,
        loader: node.loader ?? '',
        loaded_at_field: node.loadedAtField ?? null,
        freshness: node.freshness === undefined ? null : toPlainRecord(node.freshness),
      };
    case 'exposure': {
      const { type, label, url, maturity, owner } = node;
      return { type, label, url: url ?? null, maturity: maturity ?? null, owner: { name: owner.name ?? null, email: owner.email ?? null } };
    }
    case 'metric':
      return { ...toPlainRecord(node.definition), label: node.label, type: node.type };
    case 'semantic_model':
    case 'saved_query':
      return toPlainRecord(node.definition);
    case 'test':
      return node.generic === undefined
        ? {}
        : {
            column_name: node.generic.column ?? null,
            attached_node: node.attached ?? null,
            test_metadata: {
              name: node.generic.macro,
              namespace: node.generic.package ?? null,
              kwargs: toPlainRecord(node.generic.arguments),
            },
          };
    default:
      return {};
  }
}
