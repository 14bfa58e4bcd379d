import { conjunctsOf } from '../keys/conditions.ts';
import { isAggregateName } from '../keys/terms.ts';
import type { Expression, Query, SortKey, Window } from '../sql/ir.ts';
import type { Prints } from './prints.ts';

/** How the names in an expression are looked up. */
export interface Names {
  readonly prints: Prints;
  readonly sql: string;
  column(parts: readonly string[]): string;
  /** The rows that an aggregate or window looks at. */
  readonly rows: string;
  query(query: Query): string;
  readonly windows: ReadonlyMap<string, Window>;
}

const commutative = new Set(['+', '*', '&', '|', '=', '<>', '!=', 'is distinct from', 'is not distinct from', '<=>', 'xor']);
const turned: Readonly<Record<string, string>> = { '>': 'operator <', '>=': 'operator <=' };
const sameAs: Readonly<Record<string, string>> = {
  ifnull: 'coalesce',
  nvl: 'coalesce',
  len: 'length',
  char_length: 'length',
  ucase: 'upper',
  lcase: 'lower',
  substring: 'substr',
  pow: 'power',
  ceiling: 'ceil',
  now: 'current_timestamp',
};
const sameTypes: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int64: 'bigint',
  text: 'varchar',
  string: 'varchar',
  bool: 'boolean',
  float8: 'double',
  float64: 'double',
  'double precision': 'double',
  decimal: 'numeric',
  'character varying': 'varchar',
};

/** The conditions that all must hold, without those that always do. */
export function conditionsIn(expression: Expression | undefined): readonly Expression[] {
  return conjunctsOf(expression).filter((one) => !(one.kind === 'literal' && one.type === 'boolean' && one.value.toLowerCase() === 'true'));
}

/** The print of an expression. */
export function printExpression(expression: Expression, names: Names): string {
  const { prints, sql } = names;
  const text = sql.slice(expression.span.start, expression.span.end).replace(/\s+/g, ' ');
  const one = (inner: Expression): string => printExpression(inner, names);
  const all = (list: readonly Expression[]): string[] => list.map(one);
  const of = (kind: string, parts: readonly string[]): string => prints.of(kind, parts, text);
  switch (expression.kind) {
    case 'column':
      return names.column(expression.parts.map((part) => part.text));
    case 'literal': {
      const isNumber = expression.type === 'number' && /^\d+\.\d*0$|^\d+\.$/.test(expression.value);
      return of(`literal ${expression.type}`, [isNumber ? String(Number(expression.value)) : expression.value]);
    }
    case 'operator':
      return printOperator(expression.operator, expression.operands.map(one), names, text);
    case 'call':
      return printCall(expression, names, text);
    case 'cast': {
      const type = expression.type.toLowerCase().replace(/\s+/g, ' ');
      const bare = /^[a-z0-9 ]+/.exec(type)?.[0].trim() ?? type;
      return of('cast', [
        one(expression.operand),
        (sameTypes[bare] ?? bare) + type.slice(bare.length),
        String(expression.safe),
        ...optional(expression.format, one),
      ]);
    }
    case 'case':
      return of('case', [
        ...optional(expression.operand, one),
        ...expression.branches.flatMap(({ when, result }) => [one(when), one(result)]),
        ...(expression.otherwise === undefined ? [] : ['else', one(expression.otherwise)]),
      ]);
    case 'in': {
      const { values } = expression;
      const inside = Array.isArray(values) ? prints.ofSet('list', all(values)) : names.query(values as Query);
      return of(expression.negated ? 'not in' : 'in', [one(expression.operand), inside]);
    }
    case 'between': {
      const [operand, low, high] = [one(expression.operand), one(expression.low), one(expression.high)];
      const both = prints.ofSet('and', [prints.of('operator <=', [low, operand]), prints.of('operator <=', [operand, high])], text);
      return expression.negated ? prints.of('not', [both], text) : both;
    }
    case 'like':
      return of(`${expression.negated ? 'not ' : ''}${expression.operator} ${expression.quantifier ?? ''}`, [
        one(expression.operand),
        ...all(expression.patterns),
        ...optional(expression.escape, one),
      ]);
    case 'subquery':
      return of(`subquery ${expression.form}`, [names.query(expression.query)]);
    case 'field':
      return of(`field ${expression.form}`, [one(expression.operand), expression.field.text]);
    case 'index':
      return of(`index ${expression.mode ?? ''}`, [one(expression.operand), one(expression.index), ...optional(expression.end, one)]);
    case 'array':
      return of('array', all(expression.items));
    case 'struct':
      return of(
        'struct',
        expression.fields.flatMap(({ name, value }) => [name?.text ?? '', one(value)]),
      );
    case 'interval':
      return of(`interval ${expression.unit ?? ''}`, [one(expression.value)]);
    case 'lambda': {
      const own = new Map(expression.parameters.map((name, index) => [name.text.toLowerCase(), `parameter ${index}`]));
      const inner: Names = {
        ...names,
        column: (parts) => own.get(parts[0]?.toLowerCase() ?? '') ?? names.column(parts),
      };
      return of(`lambda ${own.size}`, [printExpression(expression.body, inner)]);
    }
    case 'all-columns':
      return of('all columns', [(expression.qualifier ?? []).map((part) => part.text.toLowerCase()).join('.')]);
    case 'parameter':
      return of('parameter', [expression.text]);
    case 'opaque':
      return of('opaque', [expression.text.replace(/\s+/g, ' ').trim()]);
  }
}

function optional(expression: Expression | undefined, one: (expression: Expression) => string): readonly string[] {
  return expression === undefined ? [] : [one(expression)];
}

function printOperator(operator: string, operands: readonly string[], { prints }: Names, text: string): string {
  if (operator === 'and' || operator === 'or') return operands.length === 1 ? (operands[0] ?? '') : prints.ofSet(operator, operands, text);
  const written = operator === '!=' ? '<>' : operator;
  if (commutative.has(written)) return prints.ofBag(written, operands, text);
  const other = turned[written];
  return other === undefined || operands.length !== 2
    ? prints.of(`operator ${written}`, operands, text)
    : prints.of(other, [...operands].reverse(), text);
}

function printCall(call: Extract<Expression, { kind: 'call' }>, names: Names, text: string): string {
  const { prints } = names;
  const one = (inner: Expression): string => printExpression(inner, names);
  const written = call.name.toLowerCase();
  const name = sameAs[written] ?? written;
  // `count(1)` counts what `count(*)` does.
  const isCount =
    name === 'count' && call.args.length === 1 && call.args[0]?.kind === 'literal' && call.args[0].type !== 'null' && !call.distinct;
  const args = isCount ? [prints.of('all columns', [''])] : call.args.map(one);
  const more = [
    ...call.named.map((argument) => `${argument.name.toLowerCase()}=${one(argument.value)}`).sort(),
    call.distinct ? 'distinct' : '',
    call.nulls ?? '',
    ...(call.filter === undefined ? [] : ['filter', one(call.filter)]),
    ...(call.orderBy.length === 0 ? [] : ['order', ...printKeys(call.orderBy, names)]),
    ...(call.limit === undefined ? [] : ['limit', one(call.limit)]),
  ];
  const window = call.over === undefined ? [] : ['over', names.rows, printWindow(call.over, names)];
  const rows = call.over === undefined && isAggregateName(name) ? ['of', names.rows] : [];
  return prints.of(`call ${name}`, [...args, ...more, ...window, ...rows], text);
}

/** The print of a window; one that is named is what it stands for. */
function printWindow(window: Window, names: Names): string {
  const base = window.base === undefined ? undefined : names.windows.get(window.base.text.toLowerCase());
  const whole: Window =
    base === undefined
      ? window
      : ({
          ...base,
          ...window,
          partitionBy: window.partitionBy.length > 0 ? window.partitionBy : base.partitionBy,
          orderBy: window.orderBy.length > 0 ? window.orderBy : base.orderBy,
          ...((window.frame ?? base.frame) === undefined ? {} : { frame: window.frame ?? base.frame }),
        } as Window);
  const { frame } = whole;
  const bound = (one: NonNullable<Window['frame']>['start'] | undefined): string =>
    one === undefined ? '' : `${one.kind} ${one.value === undefined ? '' : printExpression(one.value, names)}`;
  return names.prints.of('window', [
    names.prints.ofSet(
      'partition',
      whole.partitionBy.map((key) => printExpression(key, names)),
    ),
    ...printKeys(whole.orderBy, names),
    frame === undefined ? '' : `${frame.unit} ${bound(frame.start)} ${bound(frame.end)} ${frame.exclude ?? ''}`,
  ]);
}

/** The prints of the keys of an ORDER BY. */
export function printKeys(keys: readonly SortKey[], names: Names): readonly string[] {
  return keys.map((key) => `${printExpression(key.expression, names)} ${key.descending ? 'desc' : 'asc'} ${key.nulls ?? ''}`);
}
