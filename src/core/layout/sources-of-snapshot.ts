import { toReadable } from '../project/node-text.ts';
import type { Snapshot } from '../snapshot.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import { withoutComments } from '../sql/without-comments.ts';
import { LineMap } from '../text/span.ts';
import type { ModelParts, ViewSources } from './choose.ts';
import { toLocator } from './locate-column.ts';
import { toModelParts } from './parts-of-query.ts';
import type { ColumnEdge, ColumnFlow, ColumnUse } from './project-graph.ts';

/** What views ask of a Snapshot beside its graph: the lineage of columns and the inside of models. */
export function toViewSources(snapshot: Snapshot, select?: ViewSources['select']): ViewSources {
  let flow: ColumnFlow | undefined;
  return {
    // Only a lit column asks for it, so that other pictures do not pay for it.
    get flow() {
      flow ??= toColumnFlow(snapshot);
      return flow;
    },
    parts: (node) => toPartsOf(snapshot, node),
    ...(select === undefined ? {} : { select }),
  };
}

/** Every step of column lineage of a Snapshot. Expressions are quoted from the compiled text. */
export function toColumnFlow(snapshot: Snapshot): ColumnFlow {
  const edges: ColumnEdge[] = [];
  const uses: ColumnUse[] = [];
  for (const [id, lineage] of snapshot.lineage.nodes) {
    const text = snapshot.texts.get(id);
    const sql = text === undefined ? '' : toReadable(text).sql;
    const locate = toLocator(snapshot, id);
    const written = new Map<string, { readonly expression: string; readonly line?: number }>();
    for (const { name, span } of lineage.columns)
      if (span !== undefined)
        written.set(name.toLowerCase(), {
          expression: sql.slice(span.start, span.end),
          ...(locate === undefined ? {} : { line: locate(span).start.line }),
        });
    for (const edge of lineage.edges) {
      const { expression, line } = written.get(edge.toColumn.toLowerCase()) ?? {};
      edges.push({
        from: { node: edge.from, column: edge.fromColumn },
        to: { node: edge.to, column: edge.toColumn },
        kind: edge.kind,
        confidence: edge.confidence,
        ...(expression === undefined || expression === '' ? {} : { expression: shorten(expression) }),
        ...(text === undefined ? {} : { path: text.path }),
        ...(line === undefined ? {} : { line }),
      });
    }
    for (const use of lineage.uses) uses.push({ from: { node: use.from, column: use.fromColumn }, to: use.to, kind: use.kind });
  }
  return { edges, uses };
}

function toPartsOf(snapshot: Snapshot, id: string): ModelParts {
  const node = [...snapshot.nodes.values()].find((at) => at.id === id);
  const text = node && snapshot.texts.get(node.id);
  if (node === undefined || text === undefined) return { parts: [], problem: `${node?.name ?? id} has no SQL to look into.` };
  if (text.rendering.status === 'failed')
    return { parts: [], problem: `The template of ${node.name} could not be rendered, so its CTEs are not known.` };
  const { sql } = toReadable(text);
  const parsed = parseSql(sql, snapshot.project.dialect);
  const query = findModelQuery(parsed);
  if (query === undefined) return { parts: [], problem: `No query was found in the SQL of ${node.name}.` };
  const byName = new Map<string, string>();
  for (const parent of snapshot.graph.parents(node.id)) {
    const found = snapshot.nodes.get(parent);
    if (found === undefined) continue;
    byName.set(found.name.toLowerCase(), parent);
    if ('identifier' in found) byName.set(found.identifier.toLowerCase(), parent);
  }
  const made = toModelParts(query, node.name, {
    nodeOf: (path) => byName.get(path.at(-1)?.toLowerCase() ?? ''),
    lines: new LineMap(sql),
  });
  const [first] = parsed.problems;
  return first === undefined ? made : { ...made, problem: `Not all of ${node.name} could be read: ${first.message}.` };
}

function shorten(text: string): string {
  const line = withoutComments(text).replace(/\s+/g, ' ').trim();
  return line.length <= 240 ? line : `${line.slice(0, 238)}…`;
}
