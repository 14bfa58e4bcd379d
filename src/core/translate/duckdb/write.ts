import { writeCall } from './calls.ts';
import { argument, bracket, commonStorage, convert, named, type Piece, quoted, store, together, toNumber, type Writing } from './piece.ts';
import { itemNull, itemSeparator } from './portable.ts';
import type { Body, Expression, Query, Relation, SortKey, Window } from './tree.ts';

/** Writes portable SQL for DuckDB: native where DuckDB says the same, by functions of ours where it does not. */
export class Writer implements Writing {
  /** The names that rows of an array have here: where their values lie. */
  readonly #each = new Map<string, Piece['storage']>();

  query(query: Query): string {
    const ctes = query.ctes.map(
      (cte) =>
        `${named(cte.name)}${cte.columns.length === 0 ? '' : `(${cte.columns.map(named).join(', ')})`} as ${cte.materialized ? 'materialized ' : ''}(${this.query(cte.query)})`,
    );
    const start = ctes.length === 0 ? '' : `with ${query.recursive ? 'recursive ' : ''}${ctes.join(', ')} `;
    const body = this.#body(query.body);
    return `${start}${body}${this.#orderBy(query.orderBy)}${this.#limit(query)}`;
  }

  #limit(query: Query): string {
    const limit = query.limit === undefined || isMinusOne(query.limit) ? '' : ` limit ${this.expression(query.limit).sql}`;
    return `${limit}${query.offset === undefined ? '' : ` offset ${this.expression(query.offset).sql}`}`;
  }

  #orderBy(keys: readonly SortKey[]): string {
    return keys.length === 0 ? '' : ` order by ${keys.map((key) => this.sortKey(key)).join(', ')}`;
  }

  sortKey(key: SortKey): string {
    const value = this.expression(key.expression);
    // A bare number would be the place of a column.
    const sql = value.constant === undefined ? value.sql : `(${value.sql}, 0)`;
    return `${sql}${key.descending ? ' desc' : ''}${key.nulls === undefined ? '' : ` nulls ${key.nulls}`}`;
  }

  #body(body: Body): string {
    switch (body.kind) {
      case 'set':
        return `${this.#side(body.left)} ${body.operator} ${this.#side(body.right)}`;
      case 'nested':
        return `(${this.query(body.query)})`;
      case 'values':
        return `values ${this.#rows(body.rows)}`;
      default: {
        // FROM comes first, because it says what the names of rows stand for.
        const from = body.from === undefined ? '' : ` from ${this.#relation(body.from)}`;
        const items = body.items.map(({ expression, alias }) => {
          const value = this.expression(expression);
          return alias === undefined || value.sql === alias || value.sql.endsWith(`.${named(alias)}`)
            ? value.sql
            : `${value.sql} as ${named(alias)}`;
        });
        const where = body.where === undefined ? '' : ` where ${this.condition(body.where)}`;
        const groups = body.groupBy.map((item) => {
          const value = this.expression(item);
          return value.constant === undefined && value.storage !== 'null' ? value.sql : `(${value.sql} is null)`;
        });
        const groupBy = groups.length === 0 ? '' : ` group by ${groups.join(', ')}`;
        const qualify = body.qualify === undefined ? '' : ` qualify ${this.condition(body.qualify)}`;
        const having = body.having === undefined ? '' : ` having ${this.condition(body.having)}`;
        return `select ${body.distinct ? 'distinct ' : ''}${items.join(', ')}${from}${where}${groupBy}${having}${qualify}`;
      }
    }
  }

  #side(body: Body): string {
    return body.kind === 'set' ? this.#body(body) : this.#body(body);
  }

  #rows(rows: readonly (readonly Expression[])[]): string {
    return rows.map((row) => `(${row.map((item) => this.expression(item).sql).join(', ')})`).join(', ');
  }

  #relation(relation: Relation): string {
    switch (relation.kind) {
      case 'table':
        return `${named(relation.name)}${relation.alias === undefined ? '' : ` as ${named(relation.alias)}`}`;
      case 'query': {
        if (relation.query.body.kind === 'values' && relation.query.ctes.length === 0) {
          const width = relation.query.body.rows[0]?.length ?? 0;
          const columns = Array.from({ length: width }, (_, i) => `column${i + 1}`).join(', ');
          return `(${this.query(relation.query)}) as ${named(relation.alias ?? 'rows_of_values')}(${columns})`;
        }
        return `(${this.query(relation.query)})${relation.alias === undefined ? '' : ` as ${named(relation.alias)}`}`;
      }
      case 'each':
        return this.#eachRow(relation.value, relation.alias);
      default: {
        const left = this.#relation(relation.left);
        const right = relation.right.kind === 'join' ? `(${this.#relation(relation.right)})` : this.#relation(relation.right);
        return `${left} ${relation.word} ${right}${relation.on === undefined ? '' : ` on ${this.condition(relation.on)}`}`;
      }
    }
  }

  /** The items of an array as rows, numbered from 0. */
  #eachRow(value: Expression, alias: string): string {
    if (value.kind === 'call' && value.name === 'hw_array_generate') {
      const [low, high, step] = value.args.map((item) => this.expression(item));
      if (low?.storage === 'integer' && high?.storage === 'integer' && step?.storage === 'integer') {
        this.#each.set(alias, 'integer');
        return `(select unnest(generate_series(${low.sql}, ${high.sql}, ${step.sql})) as value, unnest(range(len(generate_series(${low.sql}, ${high.sql}, ${step.sql})))) as key) as ${alias}`;
      }
    }
    const storage = itemStorage(value);
    this.#each.set(alias, storage);
    const items = `string_split(hw_array_items(${argument(this.expression(value))}), '${itemSeparator}')`;
    const item = convert({ sql: `nullif(unnest(l), '${itemNull}')`, storage: 'item' }, storage).sql;
    return `(select ${item} as value, unnest(range(len(l))) as key from (select ${items} as l)) as ${alias}`;
  }

  condition(expression: Expression): string {
    return convert(this.expression(expression), 'boolean').sql;
  }

  expression(expression: Expression): Piece {
    switch (expression.kind) {
      case 'number':
        if (/^0x/i.test(expression.text))
          return { sql: String(BigInt(expression.text)), storage: 'integer', constant: String(BigInt(expression.text)) };
        return /^\d+$/.test(expression.text)
          ? {
              sql: expression.text,
              storage: 'integer',
              constant: expression.text,
              ...(expression.text.length < 10 ? { narrow: true } : {}),
            }
          : { sql: /e/i.test(expression.text) ? expression.text : `${expression.text}e0`, storage: 'float' };
      case 'text':
        return { sql: quoted(expression.value), storage: 'text', constant: expression.value };
      case 'null':
        return { sql: 'null', storage: 'null' };
      case 'column':
        return this.#column(expression.parts);
      case 'star':
        return { sql: expression.qualifier === undefined ? '*' : `${named(expression.qualifier)}.*`, storage: 'unknown' };
      case 'marked':
        return this.#marked(expression);
      case 'call':
        return writeCall(this, expression);
      case 'case':
        return this.#case(expression);
      case 'cast':
        return this.#cast(this.expression(expression.operand), expression.type);
      case 'unary':
        return this.#unary(expression.operator, this.expression(expression.operand));
      case 'binary':
        if (expression.left.kind === 'row' && expression.right.kind === 'row')
          return this.#rowComparison(expression.operator, expression.left.items, expression.right.items);
        return this.#binary(expression.operator, this.expression(expression.left), this.expression(expression.right), expression);
      case 'between': {
        const [operand, low, high] = together([expression.operand, expression.low, expression.high].map((item) => this.expression(item)));
        if (operand === undefined || low === undefined || high === undefined) throw new Error('between needs three values');
        return {
          sql: `(${bracket(operand)} ${expression.negated ? 'not ' : ''}between ${bracket(low)} and ${bracket(high)})`,
          storage: 'boolean',
        };
      }
      case 'in':
        return this.#in(expression);
      case 'exists':
        return { sql: `exists (${this.query(expression.query)})`, storage: 'boolean' };
      case 'query':
        return { sql: `(${this.query(expression.query)})`, storage: this.#only(expression.query) };
      default:
        return { sql: `(${expression.items.map((item) => this.expression(item).sql).join(', ')})`, storage: 'unknown' };
    }
  }

  /** Where the value of a query of one column lies. */
  #only(query: Query): Piece['storage'] {
    if (query.body.kind !== 'select' || query.body.items.length !== 1) return 'unknown';
    const expression = query.body.items[0]?.expression;
    return expression === undefined ? 'unknown' : this.expression(expression).storage;
  }

  #column(parts: readonly string[]): Piece {
    const sql = parts.map(named).join('.');
    const [first = '', second] = parts;
    const storage = this.#each.get(first);
    if (second === undefined && /^(true|false)$/i.test(first)) return { sql: first, storage: 'boolean' };
    if (storage === undefined) return { sql, storage: 'unknown' };
    return { sql, storage: second === 'key' ? 'integer' : storage };
  }

  #marked(expression: Extract<Expression, { kind: 'marked' }>): Piece {
    const { operand, storage, exact } = expression;
    // A column of no type was filled with NULLs, for which DuckDB would make up a type.
    if (storage === 'null') return operand.kind === 'column' ? { sql: 'null', storage } : this.expression(operand);
    // A column lies as its type says: what fills it was brought there.
    if (operand.kind === 'column' && !this.#each.has(operand.parts[0] ?? '')) return { sql: operand.parts.map(named).join('.'), storage };
    const value = this.expression(operand);
    if (value.storage === 'unknown') return { ...value, storage };
    if (exact) return store(value, storage);
    return storage === 'float' && value.storage === 'integer' ? value : convert(value, storage);
  }

  #case(expression: Extract<Expression, { kind: 'case' }>): Piece {
    const operand = expression.operand === undefined ? undefined : this.expression(expression.operand);
    const results = expression.branches.map(({ result }) => this.expression(result));
    const otherwise = expression.otherwise === undefined ? undefined : this.expression(expression.otherwise);
    const all = otherwise === undefined ? results : [...results, otherwise];
    const written = together(all);
    const whens = expression.branches.map(({ when }) => {
      if (operand === undefined) return this.condition(when);
      const value = this.expression(when);
      return operand.storage === 'unknown' ? value.sql : convert(value, operand.storage).sql;
    });
    const branches = whens.map((when, i) => `when ${when} then ${written[i]?.sql}`);
    return {
      sql: `case ${operand === undefined ? '' : `${bracket(operand)} `}${branches.join(' ')}${otherwise === undefined ? '' : ` else ${written.at(-1)?.sql}`} end`,
      storage: all.some((piece) => piece.storage === 'unknown') ? 'unknown' : commonStorage(all),
      ...(all.every((piece) => piece.narrow === true || piece.storage === 'null') ? { narrow: true } : {}),
    };
  }

  #cast(value: Piece, type: string): Piece {
    switch (type) {
      case 'integer':
        return convert(value, 'integer');
      case 'real':
        return convert(value, 'float');
      case 'blob':
        return convert(value, 'bytes');
      default:
        return convert(value, 'text');
    }
  }

  #unary(operator: string, operand: Piece): Piece {
    if (operator === 'not') return { sql: `not ${bracket(convert(operand, 'boolean'))}`, storage: 'boolean', loose: true };
    const number = toNumber(operand);
    if (operator === '-' && number.constant !== undefined)
      return { ...number, sql: `-${number.sql}`, constant: `-${number.constant}`, loose: true };
    const whole = number.narrow === true && operator === '~' ? { ...number, sql: `cast(${number.sql} as bigint)`, narrow: false } : number;
    return { sql: `${operator}${bracket(whole)}`, storage: whole.storage, loose: true, ...(whole.narrow === true ? { narrow: true } : {}) };
  }

  #binary(operator: string, left: Piece, right: Piece, expression: Extract<Expression, { kind: 'binary' }>): Piece {
    const loose = (sql: string, storage: Piece['storage'], narrow = false): Piece => ({
      sql,
      storage,
      loose: true,
      ...(narrow ? { narrow } : {}),
    });
    switch (operator) {
      case 'and':
      case 'or': {
        const sides = [left, right].map((side, i) => {
          const inner = i === 0 ? expression.left : expression.right;
          const condition = convert(side, 'boolean');
          return inner.kind === 'binary' && inner.operator === operator ? condition.sql : bracket(condition);
        });
        return loose(sides.join(` ${operator} `), 'boolean');
      }
      case 'is':
      case 'is not': {
        if (right.storage === 'null') return loose(`${bracket(left)} ${operator} null`, 'boolean');
        const [a, b] = together([left, right]) as [Piece, Piece];
        return loose(`${bracket(a)} is ${operator === 'is' ? 'not ' : ''}distinct from ${bracket(b)}`, 'boolean');
      }
      case '||':
        return this.#join(left, right);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '&':
      case '|':
      case '<<':
      case '>>':
        return this.#arithmetic(operator, left, right);
      case 'glob':
      case 'like':
        // LIKE ignores case in portable SQL.
        return loose(
          `${bracket(convert(left, 'text'))} ${operator === 'like' ? 'ilike' : operator} ${bracket(convert(right, 'text'))}`,
          'boolean',
        );
      default: {
        const [a, b] = together([left, right]) as [Piece, Piece];
        return loose(`${bracket(a)} ${operator === '!=' ? '<>' : operator} ${bracket(b)}`, 'boolean');
      }
    }
  }

  /** Rows column by column: DuckDB compares NULLs in rows like values. */
  #rowComparison(operator: string, lefts: readonly Expression[], rights: readonly Expression[]): Piece {
    const pairs = lefts.map((left, i) => together([this.expression(left), this.expression(rights[i] ?? { kind: 'null' })]).map(bracket));
    const test = (word: string, at: number): string => `${pairs[at]?.[0]} ${word} ${pairs[at]?.[1]}`;
    if (operator === '=' || operator === '<>')
      return { sql: `(${pairs.map((_, i) => test(operator, i)).join(operator === '=' ? ' and ' : ' or ')})`, storage: 'boolean' };
    const strict = operator.replace('=', '');
    let sql = test(operator, pairs.length - 1);
    for (let i = pairs.length - 2; i >= 0; i--) sql = `(${test(strict, i)} or (${test('=', i)} and ${sql}))`;
    return { sql: `(${sql})`, storage: 'boolean' };
  }

  #join(left: Piece, right: Piece): Piece {
    // A date with a time behind it is a timestamp.
    if (left.storage === 'date' && right.constant === ' 00:00:00') return convert(left, 'timestamp');
    const sides = [left, right].map((side) => (side.storage === 'unknown' ? side : convert(side, 'text')));
    if (sides.every((side) => side.storage === 'null')) return { sql: 'null', storage: 'null' };
    return { sql: sides.map(bracket).join(' || '), storage: 'text', loose: true };
  }

  #arithmetic(operator: string, left: Piece, right: Piece): Piece {
    const [a, b] = [toNumber(left), toNumber(right)];
    const integers = a.storage === 'integer' && b.storage === 'integer';
    // Two numbers of 32 bits could overflow where one of 64 does not.
    const first = integers && a.narrow === true && b.narrow === true ? `cast(${a.sql} as bigint)` : bracket(a);
    const known = [a.storage, b.storage].every((storage) => storage === 'integer' || storage === 'null') ? 'integer' : 'float';
    const word = operator === '/' && integers ? '//' : operator;
    // DuckDB does not shift what is less than 0.
    if (operator === '<<' && b.constant !== undefined && Number(b.constant) < 62)
      return { sql: `${first} * ${2n ** BigInt(b.constant)}`, storage: 'integer', loose: true };
    if (a.storage === 'null' || b.storage === 'null') return { sql: 'null', storage: 'null' };
    // Nothing is divided by zero in portable SQL; DuckDB would give infinity.
    const divisor =
      word === '/' && !(Number(b.constant) !== 0 && b.constant !== undefined) && !b.sql.startsWith('nullif(')
        ? `nullif(${b.sql}, 0)`
        : bracket(b);
    return { sql: `${first} ${word} ${divisor}`, storage: [a.storage, b.storage].includes('unknown') ? 'unknown' : known, loose: true };
  }

  #in(expression: Extract<Expression, { kind: 'in' }>): Piece {
    const operand = this.expression(expression.operand);
    const not = expression.negated ? 'not ' : '';
    if (!Array.isArray(expression.values))
      return { sql: `${bracket(operand)} ${not}in (${this.query(expression.values as Query)})`, storage: 'boolean', loose: true };
    const [first, ...values] = together([operand, ...(expression.values as readonly Expression[]).map((item) => this.expression(item))]);
    return {
      sql: `${first === undefined ? '' : bracket(first)} ${not}in (${values.map((value) => value.sql).join(', ')})`,
      storage: 'boolean',
      loose: true,
    };
  }

  /** What stands behind an aggregate or a window function. */
  tail(filter: Expression | undefined, over: Window | undefined): string {
    return `${filter === undefined ? '' : ` filter (where ${this.condition(filter)})`}${over === undefined ? '' : ` over (${this.#window(over)})`}`;
  }

  #window(window: Window): string {
    const parts: string[] = [];
    if (window.partitionBy.length > 0) parts.push(`partition by ${window.partitionBy.map((item) => this.expression(item).sql).join(', ')}`);
    if (window.orderBy.length > 0) parts.push(this.#orderBy(window.orderBy).trimStart());
    const { frame } = window;
    if (frame !== undefined) {
      const bounds = frame.bounds.map((bound) =>
        bound.value === undefined ? bound.kind : `${this.expression(bound.value).sql} ${bound.kind}`,
      );
      parts.push(
        `${frame.unit} ${frame.between ? `between ${bounds.join(' and ')}` : bounds[0]}${frame.exclude === undefined ? '' : ` exclude ${frame.exclude}`}`,
      );
    }
    return parts.join(' ');
  }
}

function isMinusOne(expression: Expression): boolean {
  return (
    expression.kind === 'unary' && expression.operator === '-' && expression.operand.kind === 'number' && expression.operand.text === '1'
  );
}

/** Where the items of an array lie once they are rows: numbers as numbers where their type is told, else as the text of JSON. */
function itemStorage(value: Expression): 'integer' | 'float' | 'item' {
  if (value.kind !== 'call' || value.name !== 'hw_elements') return 'item';
  const kind = value.args[1];
  if (kind?.kind !== 'text') return 'item';
  return kind.value === 'integer' ? 'integer' : kind.value === 'float' || kind.value === 'decimal' ? 'float' : 'item';
}
