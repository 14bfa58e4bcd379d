import { findStringArgument, findTag, wordAt } from '../docs/jinja-meaning.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { findNear } from '../text/nearest.ts';
import type { Problem, ProblemCode } from '../text/problem.ts';
import type { Location, Span } from '../text/span.ts';
import type { Fix, FixPlace } from './fix.ts';
import { changeAt, toFix } from './fix.ts';

/** Other names for names that are not found, hard-coded tables as calls, and qualifiers for names that two relations have. */
export function fixesOfProblem(place: FixPlace, problem: Problem): readonly Fix[] {
  const location: Location = { path: problem.path, start: problem.start, end: problem.end };
  const span = { start: place.lines.offset(problem.start), end: place.lines.offset(problem.end) };
  const mends = { code: problem.code, location };
  if (problem.instead !== undefined)
    return problem.instead.map((text, at) =>
      toFix(toTitle(problem.code, text), 'quickfix', [changeAt(place, span, text)], {
        mends,
        isPreferred: at === 0 && problem.code !== 'column-ambiguous',
      }),
    );
  const names = problem.code === 'ref-unknown' || problem.code === 'source-unknown' ? nearRelations(place, span) : undefined;
  const found = names ?? (problem.code === 'jinja-error' ? nearMacros(place, span) : undefined);
  return (found?.names ?? []).map((name, at) =>
    toFix(`Change to '${name}'`, 'quickfix', [changeAt(place, found?.span ?? span, name)], { mends, isPreferred: at === 0 }),
  );
}

function toTitle(code: ProblemCode, text: string): string {
  if (code === 'table-hard-coded') return `Write ${text}`;
  return code === 'column-ambiguous' ? `Qualify: ${text}` : `Change to '${text}'`;
}

interface NearNames {
  readonly span: Span;
  readonly names: readonly string[];
}

/** The argument of a `ref` or `source` that names nothing, and what it may mean. */
function nearRelations({ snapshot, text }: FixPlace, problem: Span): NearNames | undefined {
  const begin = text.slice(problem.start, problem.end).search(/['"]/);
  if (begin === -1) return undefined;
  const first = findStringArgument(text, problem.start + begin + 1);
  if (first === undefined) return undefined;
  const { callee, all } = first;
  const nodes = [...snapshot.nodes.values()].filter((node) => isRelation(node) && node.enabled);
  if (callee.replace(/^builtins\./, '') === 'source') {
    const sources = nodes.flatMap((node) => (node.kind === 'source' ? [node] : []));
    const [source = '', table = ''] = all;
    const hasSource = sources.some((node) => node.sourceName === source);
    if (!hasSource) return { span: first.span, names: findNear(source, new Set(sources.map((node) => node.sourceName)), 3) };
    const at = text.indexOf(table, first.span.end + 1);
    const tables = sources.filter((node) => node.sourceName === source).map((node) => node.name);
    return { span: { start: at, end: at + table.length }, names: findNear(table, tables, 3) };
  }
  const name = all.at(-1) ?? '';
  const at = all.length > 1 ? text.indexOf(name, first.span.end + 1) : first.span.start;
  const names = nodes.flatMap((node) => (node.kind === 'source' ? [] : [node.name]));
  return { span: { start: at, end: at + name.length }, names: findNear(name, new Set(names), 3) };
}

/** A call of a macro that does not exist, and the macros with names like it. */
function nearMacros({ snapshot, text }: FixPlace, problem: Span): NearNames | undefined {
  const word = findTag(text, problem.start) === undefined ? undefined : wordAt(text, problem.start + 1);
  if (word === undefined || hasMacro(snapshot, word.text)) return undefined;
  const names = snapshot.macros.flatMap((macro) => {
    if (macro.kind !== 'macro' || macro.package === 'dbt') return [];
    return [macro.package === snapshot.project.name ? macro.name : `${macro.package}.${macro.name}`];
  });
  return { span: word.span, names: findNear(word.text, new Set(names), 3) };
}

function hasMacro(snapshot: Snapshot, name: string): boolean {
  return snapshot.macros.some((macro) => macro.name === name || `${macro.package}.${macro.name}` === name);
}
