import type { Dialect } from '../../sql/dialect.ts';
import type { Expression, Select, SelectItem } from '../../sql/ir.ts';
import { hasAggregate } from '../../translate/emit-aggregate.ts';
import type { Input } from './stage.ts';
import { replaceIn } from './tree.ts';

/** What the rows of a SELECT are grouped by, with aliases and positions written out; undefined where they are not, a sentence's end where it cannot be told. */
export function groupKeys(
  select: Select,
  inputs: readonly Input[],
  dialect: Dialect,
): { readonly keys: readonly Expression[]; readonly hasSets: boolean } | string | undefined {
  const expressions = select.items.flatMap((item) => (item.kind === 'item' ? [item.expression] : []));
  const aggregates =
    expressions.some((one) => hasAggregate(dialect, one)) || (select.having !== undefined && hasAggregate(dialect, select.having));
  if (select.groupBy.length === 0 && !select.groupByAll && !aggregates) return undefined;
  if (select.distinct !== false) return 'it is both grouped and distinct';
  if (select.groupByAll) return { keys: expressions.filter((one) => !hasAggregate(dialect, one)), hasSets: false };
  const keys: Expression[] = [];
  let hasSets = false;
  for (const grouping of select.groupBy) {
    if (grouping.kind !== 'expression') hasSets = true;
    for (const written of grouping.kind === 'expression' ? [grouping.expression] : grouping.sets.flat()) {
      const key = writtenOut(written, select.items, inputs);
      if (key === undefined) return 'it is grouped by a position behind a star';
      if (!keys.some((other) => JSON.stringify(other) === JSON.stringify(key))) keys.push(key);
    }
  }
  return { keys, hasSets };
}

function writtenOut(key: Expression, items: readonly SelectItem[], inputs: readonly Input[]): Expression | undefined {
  if (key.kind !== 'literal' || key.type !== 'number') return withoutAliases(key, items, inputs);
  const before = items.slice(0, Number(key.value));
  const item = before.at(-1);
  return item?.kind !== 'item' || before.some((one) => one.kind === 'star') ? undefined : withoutAliases(item.expression, items, inputs);
}

/** An expression with aliases of the SELECT list replaced by what they stand for; columns of FROM go first. */
export function withoutAliases(expression: Expression, items: readonly SelectItem[], inputs: readonly Input[], depth = 0): Expression {
  if (depth > 20) return expression;
  const columns = new Set(inputs.flatMap((input) => input.columns.map((column) => column.toLowerCase())));
  return replaceIn(expression, (one) => {
    if (one.kind !== 'column' || one.parts.length !== 1) return undefined;
    const name = one.parts[0]?.text.toLowerCase() ?? '';
    if (columns.has(name)) return undefined;
    const item = items.find((other) => other.kind === 'item' && other.alias?.text.toLowerCase() === name);
    return item?.kind === 'item' && item.expression !== expression ? withoutAliases(item.expression, items, inputs, depth + 1) : undefined;
  });
}
