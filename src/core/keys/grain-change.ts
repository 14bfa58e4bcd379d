import { type Problem, toProblem } from '../text/problem.ts';
import { LineMap, type Span } from '../text/span.ts';
import { placeOf } from './check-rows.ts';
import { rowOf } from './joined-rows.ts';
import type { NodeGrain, ProjectGrain } from './project-grain.ts';
import { closureOf } from './row-key.ts';
import { nameOfLeaf } from './rules/joined-text.ts';

/** What one row of a text stood for at a time, and the joins that could repeat rows. */
export interface GrainState {
  readonly keys: readonly (readonly string[])[];
  readonly joins: readonly string[];
}

interface RepeatingJoin {
  readonly text: string;
  readonly name: string;
  readonly span: Span;
}

/** The grain of a text as it is now. */
export function grainStateOf(grain: NodeGrain, project: ProjectGrain): GrainState {
  return { keys: grain.text.facts.keys.map(({ columns }) => columns), joins: repeatingJoins(grain, project).map(({ text }) => text) };
}

/** What an edit did to the rows of a text that had a key before: at the join that did it, where that is known. */
export function findGrainChange(before: GrainState, grain: NodeGrain, project: ProjectGrain): Problem | undefined {
  const { keys, columns } = grain.text.facts;
  if (before.keys.length === 0) return undefined;
  // A key whose columns have other names now is the same key.
  const isRenamed = before.keys.some(
    (old) =>
      columns !== undefined && !old.every((column) => columns.includes(column)) && keys.some((key) => key.columns.length === old.length),
  );
  if (
    isRenamed ||
    isGrainKept(
      before.keys,
      keys.map(({ columns: now }) => now),
    )
  )
    return undefined;
  const { path } = grain.reading.text;
  const lines = new LineMap(project.snapshot.sources.find(path)?.text ?? '');
  const join = repeatingJoins(grain, project).find(({ text }) => !before.joins.includes(text));
  const last = grain.text.selects.at(-1)?.select.span ?? grain.reading.query.span;
  const span = join?.span ?? { start: last.start, end: last.start + 1 };
  const now = keys[0] === undefined ? 'now no key is known' : `now ${keyInWords(keys[0].columns)}`;
  const by = join === undefined ? '' : ` The join to ${join.name} may repeat rows.`;
  const message = `This edit changes what one row stands for: it was ${keyInWords(before.keys[0] ?? [])}, ${now}.${by}`;
  return toProblem('grain-changed', message, lines.location(path, placeOf(grain, span)));
}

/** Whether what told the rows of a text apart before, or less, still does. */
export function isGrainKept(before: readonly (readonly string[])[], after: readonly (readonly string[])[]): boolean {
  return before.some((old) => after.some((key) => key.every((column) => old.includes(column))));
}

/** A key in a sentence. */
export function keyInWords(key: readonly string[]): string {
  return key.length === 0 ? 'at most one row' : `one row per ${key.join(', ')}`;
}

/** The joins whose right side may have several rows for one row of what stands before it. */
function repeatingJoins(grain: NodeGrain, project: ProjectGrain): readonly RepeatingJoin[] {
  return grain.text.selects.flatMap(({ rows }) =>
    rows.leaves.flatMap((leaf, index): RepeatingJoin[] => {
      if (leaf.join === undefined || leaf.isHidden || index === 0) return [];
      const start = rows.leaves.slice(0, index).map((one) => rowOf(one.alias));
      if (closureOf(start, rows.dependencies).columns.has(rowOf(leaf.alias))) return [];
      const name = nameOfLeaf({ grain, project }, leaf);
      const on = leaf.join.on === undefined ? '' : grain.reading.sql.slice(leaf.join.on.span.start, leaf.join.on.span.end);
      return [{ text: `${name} ${on.replace(/\s+/g, ' ')}`, name, span: leaf.relation.span }];
    }),
  );
}
