import { compileNode } from '../dbt/compile.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { toFileName } from '../text/paths.ts';
import type { CheckResult } from './result.ts';

export interface Invoked {
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly invocationId: string;
  readonly seconds: number;
}

/** `run_results.json` and `manifest.json` as dbt's tools read them, and the rows of tests that are to be stored. */
export function toArtifacts(
  snapshot: Snapshot,
  results: readonly CheckResult[],
  invoked: Invoked,
): readonly { readonly path: string; readonly text: string }[] {
  const stored = results.flatMap((result) => {
    const node = snapshot.nodes.get(result.id);
    if (node?.kind !== 'test' || result.sample === undefined || result.failures === 0) return [];
    if (node.config.store_failures !== true && node.config.store_failures_as === undefined) return [];
    const { columns, rows } = result.sample;
    const lines = [columns.map((column) => column.name), ...rows].map((row) => row.map(field).join(','));
    return [{ path: `failures/${toFileName(String(node.config.alias ?? node.name))}.csv`, text: `${lines.join('\n')}\n` }];
  });
  return [
    { path: 'run_results.json', text: `${JSON.stringify(toRunResults(results, invoked))}\n` },
    { path: 'manifest.json', text: `${JSON.stringify(toManifest(snapshot, invoked))}\n` },
    ...stored,
  ];
}

function field(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** dbt's word for how something ended: tests pass and fail, models succeed and err. */
function toDbtStatus(result: CheckResult): string {
  if (result.status === 'skip' || result.status === 'no-data') return 'skipped';
  if (result.kind === 'test' || result.kind === 'unit_test') return result.status;
  return result.status === 'pass' ? 'success' : 'error';
}

function toRunResults(results: readonly CheckResult[], invoked: Invoked): object {
  return {
    metadata: toMetadata('run-results/v6', invoked),
    results: results.map((result) => ({
      status: toDbtStatus(result),
      timing: [],
      thread_id: 'Thread-1',
      execution_time: result.ms / 1000,
      adapter_response: result.rows === undefined ? {} : { _message: `${result.rows} rows`, rows_affected: result.rows },
      message: result.message === '' ? null : result.message,
      failures: result.kind === 'test' || result.kind === 'unit_test' ? result.failures : null,
      unique_id: result.id,
      compiled: result.sql !== undefined,
      compiled_code: result.sql ?? null,
      relation_name: null,
      batch_results: null,
    })),
    elapsed_time: invoked.seconds,
    args: {},
  };
}

function toMetadata(schema: string, invoked: Invoked): object {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: '1.10.0',
    generated_at: invoked.startedAt,
    invocation_id: invoked.invocationId,
    env: {},
  };
}

function toManifest(snapshot: Snapshot, invoked: Invoked): object {
  const all = [...snapshot.nodes.values()];
  const section = (kinds: readonly ProjectNode['kind'][]): object =>
    Object.fromEntries(
      all.filter((node) => node.enabled && kinds.includes(node.kind)).map((node) => [node.id, toManifestNode(snapshot, node)]),
    );
  return {
    metadata: {
      ...toMetadata('manifest/v12', invoked),
      project_name: snapshot.project.name,
      adapter_type: snapshot.project.adapter,
    },
    nodes: section(['model', 'seed', 'snapshot', 'test', 'analysis', 'operation']),
    sources: section(['source']),
    exposures: section(['exposure']),
    metrics: section(['metric']),
    semantic_models: section(['semantic_model']),
    saved_queries: section(['saved_query']),
    unit_tests: section(['unit_test']),
    macros: Object.fromEntries(
      snapshot.macros.map((macro) => [
        macro.id,
        {
          unique_id: macro.id,
          name: macro.name,
          resource_type: 'macro',
          package_name: macro.package,
          path: macro.path,
          original_file_path: macro.path,
          macro_sql: macro.file.slice(macro.span.start, macro.span.end),
          depends_on: { macros: [] },
        },
      ]),
    ),
    docs: Object.fromEntries(
      snapshot.docs.map((doc) => [
        `doc.${doc.package}.${doc.name}`,
        {
          unique_id: `doc.${doc.package}.${doc.name}`,
          name: doc.name,
          resource_type: 'doc',
          package_name: doc.package,
          path: doc.path,
          original_file_path: doc.path,
          block_contents: doc.text,
        },
      ]),
    ),
    groups: {},
    selectors: {},
    disabled: {},
    parent_map: Object.fromEntries(all.filter((node) => node.enabled).map((node) => [node.id, snapshot.graph.parents(node.id)])),
    child_map: Object.fromEntries(all.filter((node) => node.enabled).map((node) => [node.id, snapshot.graph.children(node.id)])),
    group_map: {},
  };
}

function toManifestNode(snapshot: Snapshot, node: ProjectNode): object {
  const text = snapshot.texts.get(node.id);
  const columns = snapshot.columns.get(node.id) ?? [];
  const relation = isRelation(node)
    ? {
        database: node.database === '' ? null : node.database,
        schema: node.schema,
        alias: node.identifier,
        ...(node.kind === 'source' ? { identifier: node.identifier, source_name: node.sourceName, loader: node.loader ?? '' } : {}),
        relation_name: [node.database, node.schema, node.identifier]
          .filter((part) => part !== '')
          .map((part) => `"${part}"`)
          .join('.'),
      }
    : {};
  const generic =
    node.kind === 'test' && node.generic !== undefined
      ? {
          test_metadata: { name: node.generic.macro, kwargs: node.generic.arguments, namespace: node.generic.package ?? null },
          attached_node: node.attached ?? null,
          column_name: node.generic.column ?? null,
        }
      : {};
  return {
    unique_id: node.id,
    resource_type: node.kind,
    name: node.name,
    package_name: node.package,
    path: node.path,
    original_file_path: node.path,
    fqn: node.fqn,
    tags: node.tags,
    meta: node.meta,
    description: node.description,
    config: node.config,
    columns: Object.fromEntries(
      columns.map((column) => [
        column.name,
        { name: column.name, description: column.description, data_type: column.type || null, meta: {}, tags: [] },
      ]),
    ),
    depends_on: { nodes: snapshot.graph.parents(node.id), macros: text?.rendering.macrosCalled ?? [] },
    refs: (text?.rendering.refs ?? []).map(({ name, package: own, version }) => ({ name, package: own ?? null, version: version ?? null })),
    sources: (text?.rendering.sources ?? []).map(({ source, table }) => [source, table]),
    ...(text === undefined ? {} : { raw_code: text.source, compiled: true, compiled_code: compileNode(snapshot, node.id)?.sql ?? null }),
    ...relation,
    ...generic,
  };
}
