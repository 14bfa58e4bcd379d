import type { Expression, Select } from '../sql/ir.ts';
import { columnsRejectingNull, conjunctsOf, expressionsIn } from './conditions.ts';
import type { JoinedRows, RelationReader } from './joined-rows.ts';
import type { Output } from './outputs.ts';
import type { RelationFacts } from './row-key.ts';
import { hasAggregate } from './terms.ts';

/** What is known of single columns of the result. */
export function traitsOfColumns(
  select: Select,
  outputs: readonly Output[],
  rows: JoinedRows,
  reader: RelationReader,
): Pick<RelationFacts, 'notNull' | 'restricted' | 'averages'> {
  const conditions = [...conjunctsOf(select.where), ...conjunctsOf(select.qualify)];
  const rejected = new Set(
    conjunctsOf(select.where)
      .flatMap(columnsRejectingNull)
      .flatMap((column) => rows.find(column) ?? []),
  );
  const spoken = new Set(
    conditions.flatMap((condition) =>
      [...expressionsIn(condition)].flatMap((part) => (part.kind === 'column' ? (rows.find(part) ?? []) : [])),
    ),
  );
  const notNull = new Set<string>();
  const restricted = new Set<string>();
  const averages = new Map<string, string>();
  for (const { name, term, expression } of outputs) {
    const leaf = rows.leafOf(term);
    const column = leaf === undefined ? '' : term.slice(leaf.alias.length + 1);
    const isKept = leaf !== undefined && !leaf.isOptional && leaf.facts.notNull.has(column);
    if (isKept || rejected.has(term) || (expression !== undefined && reader.resolution.types.get(expression)?.nullable === false))
      notNull.add(name);
    if (spoken.has(term) || leaf?.facts.restricted.has(column) === true) restricted.add(name);
    const average = leaf?.facts.averages.get(column) ?? (expression === undefined ? undefined : averageIn(expression, reader));
    if (average !== undefined) averages.set(name, average);
  }
  return { notNull, restricted, averages };
}

/** The text of an expression that averages a group, or divides one of its sums by another. */
function averageIn(expression: Expression, { sql }: RelationReader): string | undefined {
  let at = expression;
  for (;;) {
    if (at.kind === 'cast') at = at.operand;
    else if (at.kind === 'call' && /^(round|coalesce|ifnull|nvl|trunc)$/.test(at.name) && at.args[0] !== undefined) at = at.args[0];
    else if (at.kind === 'operator' && at.operator === '*' && at.operands.some((one) => one.kind === 'literal')) {
      const rest = at.operands.filter((one) => one.kind !== 'literal');
      if (rest.length !== 1 || rest[0] === undefined) return undefined;
      at = rest[0];
    } else break;
  }
  const text = sql.slice(at.span.start, at.span.end);
  if (at.kind === 'call' && at.over === undefined && /^(avg|mean)$/.test(at.name)) return text;
  const isRatio = (at.kind === 'operator' && at.operator === '/') || (at.kind === 'call' && /^(safe_divide|div0|div0null)$/.test(at.name));
  const parts = at.kind === 'operator' ? at.operands : at.kind === 'call' ? at.args : [];
  return isRatio && parts.length === 2 && parts.every((part) => hasAggregate(part)) ? text : undefined;
}

/** The values of the columns of literals. */
export function valuesOf(outputs: readonly Output[]): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, ReadonlySet<string>>();
  for (const { name, expression } of outputs) {
    let at = expression;
    while (at?.kind === 'cast') at = at.operand;
    if (at?.kind === 'literal' && at.type !== 'null') values.set(name, new Set([at.value]));
  }
  return values;
}
