import type { Expression, Select, StarItem } from '../sql/ir.ts';
import { type JoinedRows, type Leaf, rowOf } from './joined-rows.ts';
import { nameOfItem, type Terms } from './terms.ts';

/** A column of the result, and the term that it has its values from. */
export interface Output {
  readonly name: string;
  readonly term: string;
  readonly expression?: Expression;
}

/** The columns of the result in order; a star over a relation whose columns are not known ends what can be counted. */
export function outputsOf(select: Select, rows: JoinedRows, terms: Terms): readonly Output[] {
  const outputs: Output[] = [];
  for (const item of select.items) {
    if (item.kind === 'star') {
      outputs.push(...starOutputs(item, rows, terms));
      continue;
    }
    const term = terms.of(item.expression);
    outputs.push({ name: nameOfItem(item) ?? term, term, expression: item.expression });
    for (const other of item.others ?? []) outputs.push({ name: other.text.toLowerCase(), term: `${term}#${other.text}` });
  }
  return outputs;
}

/** What a star stands for over a relation whose columns are not known. */
export const anyColumn = '*';

function starOutputs(item: StarItem, rows: JoinedRows, terms: Terms): readonly Output[] {
  const qualifier = item.qualifier.at(-1)?.text.toLowerCase();
  const leaves = rows.leaves.filter((leaf) => !leaf.isHidden && (qualifier === undefined || leaf.alias === qualifier));
  if (item.of !== undefined || (qualifier !== undefined && leaves.length === 0) || item.like !== undefined)
    return [{ name: anyColumn, term: anyColumn }];
  const except = new Set(item.except.map((name) => name.text.toLowerCase()));
  const renames = new Map(item.rename.map(({ from, to }) => [from.text.toLowerCase(), to.text.toLowerCase()]));
  const replaced = new Map(item.replace.map(({ name, expression }) => [name.text.toLowerCase(), expression]));
  const seen = new Set<string>();
  const outputs: Output[] = [];
  for (const leaf of leaves) {
    if (leaf.facts.columns === undefined) outputs.push(...namedOf(leaf, rows, except), { name: anyColumn, term: rowOf(leaf.alias) });
    for (const column of leaf.facts.columns ?? []) {
      if (qualifier === undefined && rows.merged.has(column) && seen.has(column)) continue;
      seen.add(column);
      if (except.has(column)) continue;
      const replacement = replaced.get(column);
      const name = renames.get(column) ?? column;
      if (replacement !== undefined) outputs.push({ name, term: terms.of(replacement), expression: replacement });
      else outputs.push({ name, term: rows.merged.get(column) ?? rows.of(leaf.alias, column) });
    }
  }
  return outputs;
}

/** The columns that the facts of a relation name although it may have others. */
function namedOf(leaf: Leaf, rows: JoinedRows, except: ReadonlySet<string>): readonly Output[] {
  const names = new Set([
    ...leaf.facts.keys.flatMap((key) => key.columns),
    ...leaf.facts.dependencies.flatMap((one) => [...one.from, ...one.to]),
  ]);
  return [...names].filter((name) => !except.has(name)).map((name) => ({ name, term: rows.of(leaf.alias, name) }));
}

/** The names of the columns of a result; undefined where there may be others. */
export function namesOf(outputs: readonly Output[]): readonly string[] | undefined {
  return outputs.some(({ name }) => name === anyColumn) ? undefined : outputs.map(({ name }) => name);
}
