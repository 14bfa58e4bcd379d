import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Sources } from '../project/sources.ts';
import type { NodeText } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { findNear, withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import type { NodeLineage } from './project.ts';

/** What the problems of names are worked out from. */
export interface NameFacts {
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly sources: Sources;
  /** Only of this package are problems told: others are not the user's to mend. */
  readonly package: string;
  /** Whether relations are named by `ref` and `source`. */
  readonly isDbt: boolean;
}

/** What is certainly wrong with the names of columns, CTEs and tables: in a node's SQL where the user wrote it, and in properties files. */
export function nameProblems(
  facts: NameFacts,
  node: ProjectNode | undefined,
  lineage: NodeLineage,
  text: NodeText | undefined,
): readonly Problem[] {
  if (node === undefined || !node.enabled || node.package !== facts.package) return [];
  const found = text === undefined ? [] : inSql(facts, node, lineage, text);
  if (node.kind === 'model' || node.kind === 'seed' || node.kind === 'snapshot') found.push(...inProperties(facts, node, lineage, text));
  return found;
}

function isWhole(lineage: NodeLineage, { rendering }: NodeText): boolean {
  return rendering.status === 'rendered' && lineage.problems.length === 0 && !/\{\{|\{%/.test(rendering.sql);
}

function inSql(facts: NameFacts, node: ProjectNode, lineage: NodeLineage, text: NodeText): Problem[] {
  if (lineage.findings.length === 0 && lineage.tables.length === 0) return [];
  const file = facts.sources.find(text.path)?.text;
  if (file === undefined || text.rendering.status !== 'rendered') return [];
  const problems: Problem[] = [];
  let lines: LineMap | undefined;
  const add = (code: Problem['code'], message: string, span: Span, instead: readonly string[] = []): void => {
    const place = toVerbatim(text, span);
    if (place === undefined) return;
    lines ??= new LineMap(file);
    const problem = toProblem(code, message, lines.location(text.path, place));
    problems.push(instead.length === 0 ? problem : { ...problem, instead });
  };
  if (isWhole(lineage, text))
    for (const { code, message, span, instead } of lineage.findings) {
      // A template may read the CTE where this rendering did not go.
      if (code === 'cte-unused' && timesWritten(text.source, text.rendering.sql.slice(span.start, span.end)) > 1) continue;
      add(code, message, span, instead);
    }
  if (facts.isDbt)
    for (const { node: id, name, spans } of lineage.tables) {
      const table = facts.nodes.get(id);
      if (table === undefined || !isRelation(table) || id === node.id) continue;
      const call = table.kind === 'source' ? `source('${table.sourceName}', '${table.name}')` : `ref('${table.name}')`;
      for (const span of spans)
        add('table-hard-coded', `${name} is written by hand, so dbt does not know that this model reads it: write {{ ${call} }}.`, span, [
          `{{ ${call} }}`,
        ]);
    }
  return problems;
}

function toVerbatim({ rendering: { map } }: NodeText, span: Span): Span | undefined {
  const first = map.locate(span.start);
  const last = map.locate(Math.max(span.start, span.end - 1));
  if (!first.verbatim || !last.verbatim) return undefined;
  return last.span.end - first.span.start === span.end - span.start ? { start: first.span.start, end: last.span.end } : undefined;
}

function timesWritten(text: string, name: string): number {
  return text.toLowerCase().split(new RegExp(`(?<!\\w)${name.toLowerCase().replace(/[^\w]/g, '\\$&')}(?!\\w)`)).length - 1;
}

/** Columns that only a properties file tells of, and those that it leaves out. */
function inProperties(facts: NameFacts, node: ProjectNode, lineage: NodeLineage, text: NodeText | undefined): Problem[] {
  if (node.columns.length === 0 || lineage.isOpen || lineage.columns.length === 0) return [];
  if (node.kind !== 'seed' && (text === undefined || !isWhole(lineage, text))) return [];
  if (node.kind === 'model' && node.language === 'python') return [];
  const made = new Map(lineage.columns.map((column) => [column.name.toLowerCase(), column.name]));
  const names = [...made.values()];
  const problems: Problem[] = [];
  const declared = new Set<string>();
  for (const column of node.columns) {
    const key = column.name.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
    declared.add(key);
    if (made.has(key) || column.from.kind !== 'properties' || /\{\{/.test(column.name)) continue;
    const undeclared = names.filter((name) => !isDeclared(node, name));
    const sentence = withNearest(`${node.name} has no column '${column.name}'.`, column.name, undeclared);
    const near = findNear(column.name, undeclared, 3);
    const problem = toProblem('column-documented-missing', sentence, entryAt(facts, column.from.path, column.from.line, column.name));
    problems.push(near.length === 0 ? problem : { ...problem, instead: near });
  }
  const absent = names.filter((name) => !declared.has(name.toLowerCase()) && !(node.kind === 'snapshot' && /^dbt_/.test(name)));
  if (absent.length > 0 && node.patch !== undefined) {
    const shown = `${absent.slice(0, 6).join(', ')}${absent.length > 6 ? ` and ${absent.length - 6} more` : ''}`;
    const many = absent.length === 1 ? 'a column that is' : `${absent.length} columns that are`;
    const place = entryAt(facts, node.patch.path, node.patch.line, node.name);
    problems.push(toProblem('column-undocumented', `${node.name} has ${many} not listed here: ${shown}.`, place));
  }
  return problems;
}

function isDeclared(node: ProjectNode, name: string): boolean {
  return node.columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** The name in the entry that begins on a line of a YAML file. */
function entryAt(facts: NameFacts, path: string, line: number, name: string) {
  const rows = facts.sources.find(path)?.text?.split('\n') ?? [];
  for (let at = line; at < line + 6 && at <= rows.length; at++) {
    const column = (rows[at - 1] ?? '').indexOf(name);
    if (column !== -1 && /name:/.test(rows[at - 1] ?? ''))
      return { path, start: { line: at, column: column + 1 }, end: { line: at, column: column + 1 + name.length } };
  }
  return { path, start: { line, column: 1 }, end: { line, column: 1 } };
}
