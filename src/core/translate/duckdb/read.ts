import { Unwritable } from './piece.ts';
import { readTokens, type Token } from './portable.ts';
import type { Body, Call, Expression, Frame, Query, Relation, SortKey, Window } from './tree.ts';

const binding: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '=': 4,
  '<>': 4,
  '!=': 4,
  is: 4,
  in: 4,
  between: 4,
  glob: 4,
  like: 4,
  not: 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '<<': 6,
  '>>': 6,
  '&': 6,
  '|': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  '||': 9,
  '->': 10,
  '->>': 10,
};
const bindsNot = 3;
const bindsMinus = 11;

/** Reads portable SQL; it was written by our own emitters, so that anything unknown is a mistake of ours. */
export function readPortable(sql: string): Query {
  const reader = new Reader(readTokens(sql));
  const query = reader.query();
  reader.end();
  return query;
}

class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    if (this.#at < this.tokens.length) this.#fail('the end');
  }

  query(): Query {
    const ctes: Query['ctes'][number][] = [];
    let recursive = false;
    if (this.#take('with')) {
      recursive = this.#take('recursive');
      do {
        const name = this.#name();
        const columns = this.#take('(') ? this.#names() : [];
        this.#want('as');
        const materialized = this.#take('materialized');
        this.#want('(');
        const query = this.query();
        this.#want(')');
        ctes.push({ name, columns, materialized, query });
      } while (this.#take(','));
    }
    let body = this.#part();
    for (;;) {
      const operator = ['union', 'intersect', 'except'].find((word) => this.#take(word));
      if (operator === undefined) break;
      const all = this.#take('all');
      body = { kind: 'set', operator: all ? `${operator} all` : operator, left: body, right: this.#part() };
    }
    const orderBy = this.#orderBy();
    const limit = this.#take('limit') ? this.expression() : undefined;
    const offset = this.#take('offset') ? this.expression() : undefined;
    return { recursive, ctes, body, orderBy, ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) };
  }

  expression(least = 0): Expression {
    let left = this.#prefix();
    for (;;) {
      const operator = this.#peek();
      const strength = binding[operator];
      if (strength === undefined || strength < least || (strength === least && least > 0)) return left;
      if (this.#kind() === 'text' || this.#kind() === 'quoted') return left;
      this.#at++;
      left = this.#infix(left, operator, strength);
    }
  }

  #infix(left: Expression, operator: string, strength: number): Expression {
    if (operator === 'not') return this.#tested(left, this.#word(), true);
    if (operator === 'between' || operator === 'in') return this.#tested(left, operator, false);
    if (operator === 'is') {
      const negated = this.#take('not');
      return { kind: 'binary', operator: negated ? 'is not' : 'is', left, right: this.expression(strength) };
    }
    return { kind: 'binary', operator, left, right: this.expression(strength) };
  }

  #tested(operand: Expression, word: string, negated: boolean): Expression {
    if (word === 'between') {
      const low = this.expression(4);
      this.#want('and');
      return { kind: 'between', operand, low, high: this.expression(4), negated };
    }
    if (word === 'glob' || word === 'like') {
      const test: Expression = { kind: 'binary', operator: word, left: operand, right: this.expression(4) };
      return negated ? { kind: 'unary', operator: 'not', operand: test } : test;
    }
    if (word !== 'in') return this.#fail('in or between');
    this.#want('(');
    const values = this.#isQuery() ? this.query() : this.#list();
    this.#want(')');
    return { kind: 'in', operand, values, negated };
  }

  #prefix(): Expression {
    const token = this.tokens[this.#at];
    if (token === undefined) return this.#fail('an expression');
    switch (token.kind) {
      case 'number':
        this.#at++;
        return { kind: 'number', text: token.text };
      case 'text':
        this.#at++;
        return { kind: 'text', value: token.text };
      case 'open': {
        this.#at++;
        const operand = this.expression();
        if (this.tokens[this.#at]?.kind !== 'close') this.#fail('the end of a mark');
        this.#at++;
        return { kind: 'marked', storage: token.storage, exact: token.exact, operand };
      }
      case 'quoted':
        return this.#column();
      default:
        return this.#prefixWord(token.text.toLowerCase());
    }
  }

  #prefixWord(word: string): Expression {
    switch (word) {
      case '(':
        return this.#bracket();
      case '-':
      case '+':
      case '~':
        this.#at++;
        return { kind: 'unary', operator: word, operand: this.expression(bindsMinus) };
      case '*':
        this.#at++;
        return { kind: 'star' };
      case 'not':
        this.#at++;
        if (this.#peek() === 'exists') return { kind: 'unary', operator: 'not', operand: this.expression(bindsNot) };
        return { kind: 'unary', operator: 'not', operand: this.expression(bindsNot) };
      case 'null':
        this.#at++;
        return { kind: 'null' };
      case 'case':
        return this.#case();
      case 'cast': {
        this.#at++;
        this.#want('(');
        const operand = this.expression();
        this.#want('as');
        const type = this.#word();
        this.#want(')');
        return { kind: 'cast', operand, type };
      }
      case 'exists': {
        this.#at++;
        this.#want('(');
        const query = this.query();
        this.#want(')');
        return { kind: 'exists', query };
      }
      default:
        return this.tokens[this.#at + 1]?.text === '(' && this.tokens[this.#at + 1]?.kind === 'symbol' ? this.#call() : this.#column();
    }
  }

  #bracket(): Expression {
    this.#want('(');
    if (this.#isQuery()) {
      const query = this.query();
      this.#want(')');
      return { kind: 'query', query };
    }
    const items = this.#list();
    this.#want(')');
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'row', items };
  }

  #case(): Expression {
    this.#want('case');
    const operand = this.#peek() === 'when' ? undefined : this.expression();
    const branches: { when: Expression; result: Expression }[] = [];
    while (this.#take('when')) {
      const when = this.expression();
      this.#want('then');
      branches.push({ when, result: this.expression() });
    }
    const otherwise = this.#take('else') ? this.expression() : undefined;
    this.#want('end');
    return { kind: 'case', branches, ...(operand === undefined ? {} : { operand }), ...(otherwise === undefined ? {} : { otherwise }) };
  }

  #call(): Call {
    const name = this.#word();
    this.#want('(');
    const distinct = this.#take('distinct');
    const args = this.#peek() === ')' || this.#peek() === 'order' ? [] : this.#list();
    const orderBy = this.#orderBy();
    this.#want(')');
    let filter: Expression | undefined;
    if (this.#peek() === 'filter') {
      this.#at++;
      this.#want('(');
      this.#want('where');
      filter = this.expression();
      this.#want(')');
    }
    let over: Window | undefined;
    if (this.#take('over')) {
      this.#want('(');
      over = this.#window();
      this.#want(')');
    }
    return {
      kind: 'call',
      name,
      distinct,
      args,
      orderBy,
      ...(filter === undefined ? {} : { filter }),
      ...(over === undefined ? {} : { over }),
    };
  }

  #window(): Window {
    let partitionBy: readonly Expression[] = [];
    if (this.#take('partition')) {
      this.#want('by');
      partitionBy = this.#list();
    }
    const orderBy = this.#orderBy();
    const unit = ['rows', 'range', 'groups'].find((word) => this.#take(word));
    return { partitionBy, orderBy, ...(unit === undefined ? {} : { frame: this.#frame(unit) }) };
  }

  #frame(unit: string): Frame {
    const bound = (): Frame['bounds'][number] => {
      if (this.#take('unbounded')) return { kind: `unbounded ${this.#word()}` };
      if (this.#take('current')) return { kind: `current ${this.#word()}` };
      const value = this.expression();
      return { value, kind: this.#word() };
    };
    const between = this.#take('between');
    const bounds = [bound()];
    if (between) {
      this.#want('and');
      bounds.push(bound());
    }
    if (!this.#take('exclude')) return { unit, bounds, between };
    const words: string[] = [];
    while (this.#peek() !== ')') words.push(this.#word());
    return { unit, bounds, between, exclude: words.join(' ') };
  }

  #part(): Body {
    if (this.#take('(')) {
      const query = this.query();
      this.#want(')');
      return { kind: 'nested', query };
    }
    if (this.#take('values')) {
      const rows: (readonly Expression[])[] = [];
      do {
        this.#want('(');
        rows.push(this.#list());
        this.#want(')');
      } while (this.#take(','));
      return { kind: 'values', rows };
    }
    this.#want('select');
    const distinct = this.#take('distinct');
    const items: { expression: Expression; alias?: string }[] = [];
    do {
      const expression = this.expression();
      if (this.#take('as')) items.push({ expression, alias: this.#name() });
      else items.push({ expression });
    } while (this.#take(','));
    const from = this.#take('from') ? this.#from() : undefined;
    const where = this.#take('where') ? this.expression() : undefined;
    let groupBy: readonly Expression[] = [];
    if (this.#take('group')) {
      this.#want('by');
      groupBy = this.#list();
    }
    const having = this.#take('having') ? this.expression() : undefined;
    const qualify = this.#take('qualify') ? this.expression() : undefined;
    return {
      kind: 'select',
      distinct,
      items,
      groupBy,
      ...(from === undefined ? {} : { from }),
      ...(where === undefined ? {} : { where }),
      ...(having === undefined ? {} : { having }),
      ...(qualify === undefined ? {} : { qualify }),
    };
  }

  #from(): Relation {
    let left = this.#relation();
    for (;;) {
      if (this.#take(',')) {
        left = { kind: 'join', left, right: this.#relation(), word: 'cross join' };
        continue;
      }
      const start = this.#at;
      const words: string[] = [];
      while (['cross', 'left', 'right', 'full', 'inner', 'outer', 'natural', 'join'].includes(this.#peek())) words.push(this.#word());
      if (words.at(-1) !== 'join') {
        this.#at = start;
        return left;
      }
      const right = this.#relation();
      left = { kind: 'join', left, right, word: words.join(' '), ...(this.#take('on') ? { on: this.expression() } : {}) };
    }
  }

  #relation(): Relation {
    if (this.#take('(')) {
      if (this.#isQuery()) {
        const query = this.query();
        this.#want(')');
        return { kind: 'query', query, ...this.#alias() };
      }
      const inner = this.#from();
      this.#want(')');
      return inner;
    }
    if (this.#peek() === 'json_each' && this.tokens[this.#at + 1]?.text === '(') {
      this.#at += 2;
      const value = this.expression();
      this.#want(')');
      return { kind: 'each', value, alias: this.#alias().alias ?? 'json_each' };
    }
    return { kind: 'table', name: this.#name(), ...this.#alias() };
  }

  #alias(): { readonly alias?: string } {
    return this.#take('as') ? { alias: this.#name() } : {};
  }

  #orderBy(): readonly SortKey[] {
    if (this.#peek() !== 'order') return [];
    this.#at++;
    this.#want('by');
    const keys: SortKey[] = [];
    do {
      const expression = this.expression();
      const descending = this.#take('desc');
      if (!descending) this.#take('asc');
      const nulls = this.#take('nulls') ? (this.#word() as 'first' | 'last') : undefined;
      keys.push({ expression, descending, ...(nulls === undefined ? {} : { nulls }) });
    } while (this.#take(','));
    return keys;
  }

  #list(): Expression[] {
    const items = [this.expression()];
    while (this.#take(',')) items.push(this.expression());
    return items;
  }

  #names(): string[] {
    const names = [this.#name()];
    while (this.#take(',')) names.push(this.#name());
    this.#want(')');
    return names;
  }

  #column(): Expression {
    const parts = [this.#name()];
    while (this.#take('.')) {
      if (this.#take('*')) return { kind: 'star', qualifier: parts.join('.') };
      parts.push(this.#name());
    }
    return { kind: 'column', parts };
  }

  #isQuery(): boolean {
    let at = this.#at;
    while (this.tokens[at]?.kind === 'symbol' && this.tokens[at]?.text === '(') at++;
    const token = this.tokens[at];
    return token?.kind === 'name' && ['select', 'with', 'values'].includes(token.text.toLowerCase());
  }

  #kind(): Token['kind'] | undefined {
    return this.tokens[this.#at]?.kind;
  }

  #peek(): string {
    const token = this.tokens[this.#at];
    return token?.kind === 'name' || token?.kind === 'symbol' ? token.text.toLowerCase() : '';
  }

  #take(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#at++;
    return true;
  }

  #want(word: string): void {
    if (!this.#take(word)) this.#fail(word);
  }

  #word(): string {
    const word = this.#peek();
    this.#at++;
    return word;
  }

  #name(): string {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'name' && token?.kind !== 'quoted') return this.#fail('a name');
    this.#at++;
    return token.text;
  }

  #fail(wanted: string): never {
    const near = this.tokens.slice(Math.max(0, this.#at - 6), this.#at + 6).map((token) => token.text);
    // Our own writing that our reading does not know: the query is refused, and nothing else is lost.
    throw new Unwritable(`This query cannot be written for DuckDB (${wanted} is missing near: ${near.join(' ').slice(0, 200)}).`);
  }
}
