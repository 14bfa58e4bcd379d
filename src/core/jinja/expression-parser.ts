import { TemplateSyntaxError } from './errors.ts';
import type { Token, TokenKind } from './lexer.ts';
import type { Arguments, Expression } from './syntax.ts';
import type { Value } from './values.ts';
import { Float } from './values.ts';

const constants: Readonly<Record<string, Value>> = { true: true, True: true, false: false, False: false, none: null, None: null };
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const noArguments: Arguments = { positional: [], keywords: [] };

/** Parses expressions by recursive descent, rule for rule after jinja2/parser.py. */
export class ExpressionParser {
  protected token: Token;
  #index = 0;
  /** Where the last taken token ended. */
  protected lastEnd = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly template: string,
  ) {
    this.token = tokens[0] as Token;
  }

  protected fail(message: string, at: Token = this.token): never {
    throw new TemplateSyntaxError(message, at.start, this.template);
  }

  protected next(): Token {
    const taken = this.token;
    this.lastEnd = taken.end;
    this.token = this.tokens[++this.#index] ?? (this.tokens.at(-1) as Token);
    return taken;
  }

  protected peek(): Token | undefined {
    return this.tokens[this.#index + 1];
  }

  protected is(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  protected isOperator(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text;
  }

  protected isWord(text: string): boolean {
    return this.token.kind === 'name' && this.token.text === text;
  }

  protected skipOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.next();
    return true;
  }

  protected skipWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.next();
    return true;
  }

  protected expect(kind: TokenKind): Token {
    if (this.token.kind === kind) return this.next();
    const wanted = kind === 'block-end' ? '%}' : kind === 'variable-end' ? '}}' : kind;
    this.fail(`expected ${kind === wanted ? 'a ' : ''}${wanted}, got '${this.token.text}'`);
  }

  protected expectOperator(text: string): Token {
    if (this.isOperator(text)) return this.next();
    this.fail(`expected '${text}', got '${this.token.text}'`);
  }

  protected expectWord(text: string): void {
    if (!this.skipWord(text)) this.fail(`expected '${text}', got '${this.token.text}'`);
  }

  /** Expressions with commas between them; one without a comma is itself. */
  protected parseTuple(withConditional: boolean, stopAtRecursive = false, inParentheses = false): Expression {
    const start = this.token.start;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expectOperator(',');
      if (this.is('variable-end') || this.is('block-end') || this.isOperator(')') || (stopAtRecursive && this.isWord('recursive'))) break;
      items.push(withConditional ? this.parseExpression() : this.#or());
      if (!this.isOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items[0]) return items[0];
      if (!inParentheses) this.fail(`Expected an expression, got '${this.token.text}'`);
    }
    return { kind: 'tuple', items, start, end: this.lastEnd };
  }

  protected parseExpression(): Expression {
    let then = this.#or();
    while (this.skipWord('if')) {
      const test = this.#or();
      const otherwise = this.skipWord('else') ? this.parseExpression() : undefined;
      then = { kind: 'conditional', test, then, otherwise, start: then.start, end: this.lastEnd };
    }
    return then;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.skipWord('or')) left = { kind: 'or', left, right: this.#and(), start: left.start, end: this.lastEnd };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.skipWord('and')) left = { kind: 'and', left, right: this.#not(), start: left.start, end: this.lastEnd };
    return left;
  }

  #not(): Expression {
    const start = this.token.start;
    if (!this.skipWord('not')) return this.#comparison();
    const of = this.#not();
    return { kind: 'not', of, start, end: this.lastEnd };
  }

  #comparison(): Expression {
    const first = this.#sum();
    const rest: [string, Expression][] = [];
    for (;;) {
      if (this.token.kind === 'operator' && comparisons.has(this.token.text)) rest.push([this.next().text, this.#sum()]);
      else if (this.skipWord('in')) rest.push(['in', this.#sum()]);
      else if (this.isWord('not') && this.peek()?.kind === 'name' && this.peek()?.text === 'in') {
        this.next();
        this.next();
        rest.push(['not in', this.#sum()]);
      } else break;
    }
    return rest.length > 0 ? { kind: 'comparison', first, rest, start: first.start, end: this.lastEnd } : first;
  }

  #binary(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.token.kind === 'operator' && operators.includes(this.token.text)) {
      const operator = this.next().text;
      left = { kind: 'binary', operator, left, right: operand(), start: left.start, end: this.lastEnd };
    }
    return left;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concatenation());
  }

  #concatenation(): Expression {
    const first = this.#product();
    const parts = [first];
    while (this.skipOperator('~')) parts.push(this.#product());
    return parts.length === 1 ? first : { kind: 'concatenation', parts, start: first.start, end: this.lastEnd };
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#power());
  }

  #power(): Expression {
    return this.#binary(['**'], () => this.#unary(true));
  }

  #unary(withFilters: boolean): Expression {
    const start = this.token.start;
    let value: Expression;
    if (this.skipOperator('-')) value = { kind: 'negation', of: this.#unary(false), start, end: this.lastEnd };
    else if (this.skipOperator('+')) value = { kind: 'affirmation', of: this.#unary(false), start, end: this.lastEnd };
    else value = this.#primary();
    value = this.#postfix(value);
    return withFilters ? this.#filtersAndTests(value) : value;
  }

  #primary(): Expression {
    const { start, kind, text, number } = this.token;
    const end = this.token.end;
    switch (kind) {
      case 'name':
        this.next();
        return Object.hasOwn(constants, text)
          ? { kind: 'constant', value: constants[text] ?? null, start, end }
          : { kind: 'name', name: text, start, end };
      case 'string': {
        let value = this.next().text;
        while (this.is('string')) value += this.next().text;
        return { kind: 'constant', value, start, end: this.lastEnd };
      }
      case 'integer':
        this.next();
        return { kind: 'constant', value: number ?? 0, start, end };
      case 'float':
        this.next();
        return { kind: 'constant', value: new Float(Number(number)), start, end };
      case 'operator':
        if (text === '(') {
          this.next();
          const inside = this.parseTuple(true, false, true);
          this.expectOperator(')');
          return inside;
        }
        if (text === '[') return this.#list();
        if (text === '{') return this.#dict();
    }
    this.fail(`unexpected '${text}'`);
  }

  #list(): Expression {
    const { start } = this.next();
    const items: Expression[] = [];
    while (!this.isOperator(']')) {
      if (items.length > 0) this.expectOperator(',');
      if (this.isOperator(']')) break;
      items.push(this.parseExpression());
    }
    this.expectOperator(']');
    return { kind: 'list', items, start, end: this.lastEnd };
  }

  #dict(): Expression {
    const { start } = this.next();
    const entries: [Expression, Expression][] = [];
    while (!this.isOperator('}')) {
      if (entries.length > 0) this.expectOperator(',');
      if (this.isOperator('}')) break;
      const key = this.parseExpression();
      this.expectOperator(':');
      entries.push([key, this.parseExpression()]);
    }
    this.expectOperator('}');
    return { kind: 'dict', entries, start, end: this.lastEnd };
  }

  #postfix(value: Expression): Expression {
    let result = value;
    for (;;) {
      if (this.isOperator('.') || this.isOperator('[')) result = this.#subscript(result);
      else if (this.isOperator('(')) result = this.#call(result);
      else return result;
    }
  }

  #filtersAndTests(value: Expression): Expression {
    let result = value;
    for (;;) {
      if (this.isOperator('|')) result = this.parseFilters(result);
      else if (this.isWord('is')) result = this.#test(result);
      else if (this.isOperator('(')) result = this.#call(result);
      else return result;
    }
  }

  #subscript(of: Expression): Expression {
    const start = of.start;
    if (this.next().text === '.') {
      const name = this.next();
      if (name.kind === 'name') return { kind: 'attribute', of, name: name.text, start, end: name.end };
      if (name.kind !== 'integer') this.fail('expected a name or a number', name);
      const key: Expression = { kind: 'constant', value: name.number ?? 0, start: name.start, end: name.end };
      return { kind: 'item', of, key, start, end: name.end };
    }
    const keys: Expression[] = [];
    while (!this.isOperator(']')) {
      if (keys.length > 0) this.expectOperator(',');
      keys.push(this.#subscripted());
    }
    this.expectOperator(']');
    const [first] = keys;
    if (!first) this.fail('expected an expression between the brackets');
    const key: Expression = keys.length === 1 ? first : { kind: 'tuple', items: keys, start: first.start, end: this.lastEnd };
    return { kind: 'item', of, key, start, end: this.lastEnd };
  }

  #subscripted(): Expression {
    const start = this.token.start;
    const parts: [Expression | undefined, Expression | undefined, Expression | undefined] = [undefined, undefined, undefined];
    const atEnd = (): boolean => this.isOperator(']') || this.isOperator(',');
    if (!this.isOperator(':')) {
      const first = this.parseExpression();
      if (!this.isOperator(':')) return first;
      parts[0] = first;
    }
    this.next();
    if (!this.isOperator(':') && !atEnd()) parts[1] = this.parseExpression();
    if (this.skipOperator(':') && !atEnd()) parts[2] = this.parseExpression();
    return { kind: 'slice', parts, start, end: this.lastEnd };
  }

  #call(callee: Expression): Expression & { kind: 'call' } {
    const call = this.parseArguments();
    return { kind: 'call', callee, ...call, start: callee.start, end: this.lastEnd };
  }

  protected parseArguments(): Arguments {
    this.expectOperator('(');
    const positional: Expression[] = [];
    const keywords: [string, Expression][] = [];
    let star: Expression | undefined;
    let doubleStar: Expression | undefined;
    const ensure = (holds: boolean): void => {
      if (!holds) this.fail('invalid syntax for function call expression');
    };
    for (let first = true; !this.isOperator(')'); first = false) {
      if (!first) {
        this.expectOperator(',');
        if (this.isOperator(')')) break;
      }
      if (this.skipOperator('*')) {
        ensure(!star && !doubleStar);
        star = this.parseExpression();
      } else if (this.skipOperator('**')) {
        ensure(!doubleStar);
        doubleStar = this.parseExpression();
      } else if (this.is('name') && this.peek()?.kind === 'operator' && this.peek()?.text === '=') {
        ensure(!doubleStar);
        const key = this.next().text;
        this.next();
        if (keywords.some(([other]) => other === key)) this.fail(`keyword argument repeated: ${key}`);
        keywords.push([key, this.parseExpression()]);
      } else {
        ensure(!star && !doubleStar && keywords.length === 0);
        positional.push(this.parseExpression());
      }
    }
    this.expectOperator(')');
    return { positional, keywords, star, doubleStar };
  }

  /** A chain of filters; `bare` is for `{% filter upper %}`, whose first filter has no bar before it. */
  protected parseFilters(value: Expression, bare = false): Expression {
    let result = value;
    let needsBar = !bare;
    while (this.isOperator('|') || !needsBar) {
      if (needsBar) this.next();
      needsBar = true;
      const name = this.#dotted();
      const call = this.isOperator('(') ? this.parseArguments() : noArguments;
      result = { kind: 'filter', of: result, name, ...call, start: value.start, end: this.lastEnd };
    }
    return result;
  }

  #dotted(): string {
    let name = this.expect('name').text;
    while (this.skipOperator('.')) name += `.${this.expect('name').text}`;
    return name;
  }

  #test(of: Expression): Expression {
    this.next();
    const negated = this.skipWord('not');
    const name = this.#dotted();
    let call = noArguments;
    const { kind, text } = this.token;
    if (this.isOperator('(')) call = this.parseArguments();
    else if (
      (kind === 'name' && !['else', 'or', 'and'].includes(text)) ||
      kind === 'string' ||
      kind === 'integer' ||
      kind === 'float' ||
      (kind === 'operator' && (text === '[' || text === '{'))
    ) {
      if (this.isWord('is')) this.fail('You cannot chain multiple tests with is');
      call = { positional: [this.#postfix(this.#primary())], keywords: [] };
    }
    const test: Expression = { kind: 'test', of, name, ...call, start: of.start, end: this.lastEnd };
    return negated ? { kind: 'not', of: test, start: of.start, end: this.lastEnd } : test;
  }
}
