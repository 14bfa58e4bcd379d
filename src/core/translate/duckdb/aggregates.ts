import { jsonItem } from './json-item.ts';
import { convert, type Piece, toNumber, type Writing } from './piece.ts';
import type { Call, Expression } from './tree.ts';

const plain = new Set(['count', 'sum', 'avg', 'total', 'group_concat']);

const distinctly = (call: Call): string => (call.distinct ? 'distinct ' : '');

/** An aggregate for DuckDB; undefined where a call is none. */
export function writeAggregate(writer: Writing, call: Call): Piece | undefined {
  if (call.name === 'json_group_array') return { sql: collected(writer, call), storage: 'text' };
  if (call.name.startsWith('hw_agg_')) return overCollected(writer, call);
  if ((call.name === 'max' || call.name === 'min') && call.args.length === 1) {
    const value = writer.expression(call.args[0] as Expression);
    return { sql: `${call.name}(${distinctly(call)}${value.sql})${writer.tail(call.filter, call.over)}`, storage: value.storage };
  }
  if (!plain.has(call.name)) return undefined;
  const tail = writer.tail(call.filter, call.over);
  const [first, second] = call.args;
  if (call.name === 'count') {
    const what = first === undefined || first.kind === 'star' ? '*' : writer.expression(first).sql;
    return { sql: `count(${distinctly(call)}${what})${tail}`, storage: 'integer' };
  }
  if (first === undefined) return undefined;
  if (call.name === 'group_concat') {
    const separator = second === undefined ? "','" : convert(writer.expression(second), 'text').sql;
    return { sql: `string_agg(${distinctly(call)}${convert(writer.expression(first), 'text').sql}, ${separator})${tail}`, storage: 'text' };
  }
  const value = toNumber(writer.expression(first));
  const typed = value.storage === 'null' ? 'cast(null as double)' : value.sql;
  if (call.name === 'total') return { sql: `coalesce(sum(${distinctly(call)}cast(${typed} as double))${tail}, 0)`, storage: 'float' };
  if (call.name === 'avg') return { sql: `avg(${distinctly(call)}${typed})${tail}`, storage: 'float' };
  // DuckDB adds integers in 128 bits; sums lie in 64 like every other integer here, and more is an error.
  if (value.storage === 'integer') return { sql: `cast(sum(${distinctly(call)}${typed})${tail} as bigint)`, storage: 'integer' };
  return { sql: `sum(${distinctly(call)}${typed})${tail}`, storage: value.storage };
}

/** The values of a group as the text of a JSON array. */
function collected(writer: Writing, call: Call): string {
  const item = call.args[0];
  if (item === undefined) throw new Error('json_group_array needs a value');
  const order = call.orderBy.length === 0 ? '' : ` order by ${call.orderBy.map((key) => writer.sortKey(key)).join(', ')}`;
  const list = `string_agg(${distinctly(call)}${jsonItem(writer, item)}, ','${order})${writer.tail(call.filter, call.over)}`;
  return `coalesce('[' || ${list} || ']', '[]')`;
}

const constantOf = (expression: Expression | undefined): string | undefined =>
  expression?.kind === 'text' ? expression.value : expression?.kind === 'number' ? expression.text : undefined;

/** What stands inside `json(…)`, or the expression itself: native aggregates take values as they are. */
const bare = (expression: Expression): Expression | undefined =>
  expression.kind === 'call' && (expression.name === 'json' || expression.name === 'json_array') ? undefined : expression;

/** An aggregate of ours over collected values, where DuckDB has the same of its own. */
function overCollected(writer: Writing, call: Call): Piece | undefined {
  const [source, second, third, fourth, fifth] = call.args;
  if (source?.kind !== 'call' || source.name !== 'json_group_array' || source.args[0] === undefined) return undefined;
  const item = bare(source.args[0]);
  if (item === undefined) return undefined;
  const tail = writer.tail(source.filter, source.over);
  const distinct = distinctly(source);
  const order = source.orderBy.length === 0 ? '' : ` order by ${source.orderBy.map((key) => writer.sortKey(key)).join(', ')}`;
  const number = (): string => convert(toNumber(writer.expression(item)), 'float').sql;
  switch (call.name.slice(7)) {
    case 'percentile_cont': {
      const fraction = Number(constantOf(second) ?? Number.NaN);
      if (!(fraction >= 0 && fraction <= 1)) return undefined;
      return {
        sql: `quantile_cont(${distinct}${number()}, ${constantOf(third) === '1' ? 1 - fraction : fraction})${tail}`,
        storage: 'float',
      };
    }
    case 'variance': {
      const name = `${constantOf(third) === '1' ? 'stddev' : 'var'}_${constantOf(second) === '1' ? 'samp' : 'pop'}`;
      return { sql: `${name}(${distinct}${number()})${tail}`, storage: 'float' };
    }
    case 'distinct_count':
      return { sql: `count(distinct ${writer.expression(item).sql})${tail}`, storage: 'integer' };
    case 'text': {
      const separator = second === undefined ? undefined : writer.expression(second);
      const isPlain = constantOf(third) === '0' && fourth?.kind === 'unary' && constantOf(fifth) === '';
      const value = writer.expression(item);
      if (!isPlain || separator?.constant === undefined || value.storage !== 'text') return undefined;
      return { sql: `string_agg(${distinct}${value.sql}, ${separator.sql}${order})${tail}`, storage: 'text' };
    }
    default:
      return undefined;
  }
}
