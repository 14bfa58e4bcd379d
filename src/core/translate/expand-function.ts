import type { Dialect } from '../sql/dialect.ts';
import type { CallExpression, Expression } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';

/** The body that a project gives a function, with the arguments of a call where it says {1}, {2}, …; NULL where it cannot be read. */
export function expandFunction(body: string, call: CallExpression, dialect: Dialect, names: ReadonlyMap<string, string>): Expression {
  const sql = `select ${body.replace(/\{(\d+)\}/g, 'hw_argument_$1')} as hw_value`;
  const query = findModelQuery(parseSql(sql, dialect));
  const item = query?.body.kind === 'select' ? query.body.items[0] : undefined;
  const missing: Expression = { kind: 'literal', type: 'null', value: 'null', span: call.span };
  if (item?.kind !== 'item') return missing;
  return replace(item.expression, (name) => call.args[Number(name) - 1] ?? missing, call, names) as Expression;
}

/** The tree with arguments in the place of their names; every part stands where the call does. */
function replace(part: unknown, argument: (name: string) => Expression, call: CallExpression, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(part)) return part.map((one) => replace(one, argument, call, names));
  if (typeof part !== 'object' || part === null) return part;
  const column = part as { readonly kind?: string; readonly parts?: readonly { readonly text: string }[] };
  const name =
    column.kind === 'column' && column.parts?.length === 1 ? /^hw_argument_(\d+)$/i.exec(column.parts[0]?.text ?? '')?.[1] : undefined;
  if (name !== undefined) return argument(name);
  const made = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, key === 'span' ? call.span : replace(value, argument, call, names)]),
  );
  // A body that calls functions with bodies would go on for ever: in it, names mean the dialect's own functions.
  return made.kind === 'call' && names.has(String(made.name)) ? { ...made, name: `builtin.${made.name}` } : made;
}
