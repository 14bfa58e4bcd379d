import { ExpressionParser } from './expression-parser.ts';
import type { Token } from './lexer.ts';
import { TemplateText, tokenize } from './lexer.ts';
import type { Assignee, Expression, MacroKind, Signature, Statement } from './syntax.ts';

/** A template's statements and the text that their offsets count in. */
export interface ParsedTemplate {
  readonly name: string;
  readonly text: TemplateText;
  readonly body: readonly Statement[];
}

/** Parses a template; throws a TemplateSyntaxError where it is none. */
export function parseTemplate(source: string, name: string): ParsedTemplate {
  const text = new TemplateText(source);
  return { name, text, body: new TemplateParser(tokenize(text, name), name).parse() };
}

const reserved = new Set(['true', 'false', 'none', 'True', 'False', 'None']);
const input = (at: number): Expression => ({ kind: 'input', start: at, end: at });

class TemplateParser extends ExpressionParser {
  readonly #open: Token[] = [];

  parse(): Statement[] {
    return this.#body();
  }

  /** Statements up to one of the end tags, whose name is left as the current token; without end tags, up to the end. */
  #body(ends?: readonly string[]): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const { kind, start, text } = this.token;
      switch (kind) {
        case 'data':
          this.next();
          statements.push({ kind: 'data', text, start, end: start + text.length });
          continue;
        case 'variable-begin': {
          this.next();
          const value = this.parseTuple(true);
          statements.push({ kind: 'output', value, start, end: this.expect('variable-end').end });
          continue;
        }
        case 'block-begin': {
          this.next();
          if (!this.is('name')) this.fail('A tag begins with a name.');
          if (ends?.includes(this.token.text)) return statements;
          statements.push(...this.#statement(start, ends));
          this.expect('block-end');
          continue;
        }
        default: {
          if (!ends) return statements;
          const innermost = this.#open.at(-1);
          this.fail(`'${innermost?.text}' is never closed: it needs ${ends.map((end) => `'${end}'`).join(' or ')}.`, innermost);
        }
      }
    }
  }

  /** The body of a tag, from the end of the opening tag; drops the closing tag's name. */
  #block(...ends: string[]): Statement[] {
    const body = this.#bodyUntil(...ends);
    this.next();
    return body;
  }

  #bodyUntil(...ends: string[]): Statement[] {
    this.skipOperator(':');
    this.expect('block-end');
    return this.#body(ends);
  }

  #statement(start: number, ends: readonly string[] | undefined): Statement[] {
    this.#open.push(this.token);
    const statements = this.#parseTag(start, ends);
    this.#open.pop();
    return statements;
  }

  #parseTag(start: number, ends: readonly string[] | undefined): Statement[] {
    const tag = this.next();
    const close = <T extends object>(statement: T): (T & { start: number; end: number })[] => [
      { ...statement, start, end: this.token.end },
    ];
    switch (tag.text) {
      case 'for':
        return close(this.#for());
      case 'if':
        return close(this.#if());
      case 'set': {
        const target = this.#assignee(true);
        if (this.skipOperator('=')) return close({ kind: 'set' as const, target, value: this.parseTuple(true) });
        const filter = this.isOperator('|') ? this.parseFilters(input(start)) : undefined;
        return close({ kind: 'set-block' as const, target, filter, body: this.#block('endset') });
      }
      case 'do':
        return close({ kind: 'do' as const, value: this.parseTuple(true) });
      case 'print': {
        const outputs: Statement[] = [];
        while (!this.is('block-end')) {
          if (outputs.length > 0) this.expectOperator(',');
          const value = this.parseExpression();
          outputs.push({ kind: 'output', value, start, end: this.lastEnd });
        }
        return outputs;
      }
      case 'macro':
      case 'test':
      case 'data_test':
      case 'snapshot':
      case 'docs':
        return close(this.#macro(tag.text));
      case 'materialization':
        return close(this.#materialization());
      case 'call': {
        const signature = this.isOperator('(') ? this.#signature() : { parameters: [], defaults: [] };
        const call = this.parseExpression();
        if (call.kind !== 'call') this.fail("A 'call' tag needs a call, such as {% call name() %}.", tag);
        return close({ kind: 'call-block' as const, call, ...signature, body: this.#block('endcall') });
      }
      case 'filter': {
        const filter = this.parseFilters(input(start), true);
        return close({ kind: 'filter-block' as const, filter, body: this.#block('endfilter') });
      }
      case 'with': {
        const assignments: [Assignee, Expression][] = [];
        while (!this.is('block-end')) {
          if (assignments.length > 0) this.expectOperator(',');
          const target = this.#assignee(false);
          this.expectOperator('=');
          assignments.push([target, this.parseExpression()]);
        }
        return close({ kind: 'with' as const, assignments, body: this.#block('endwith') });
      }
      case 'autoescape':
        this.parseExpression();
        return close({ kind: 'scope' as const, body: this.#block('endautoescape') });
      case 'block': {
        this.expect('name');
        while (this.skipWord('scoped') || this.skipWord('required'));
        const body = this.#block('endblock');
        if (this.is('name')) this.next();
        return close({ kind: 'scope' as const, body });
      }
      case 'break':
        return close({ kind: 'break' as const });
      case 'continue':
        return close({ kind: 'continue' as const });
      case 'include':
      case 'import':
      case 'from':
      case 'extends':
        while (!this.is('block-end') && !this.is('end')) this.next();
        return close({ kind: 'loaderless' as const, tag: tag.text });
    }
    const hint = ends ? ` Jinja was looking for ${ends.map((end) => `'${end}'`).join(' or ')}.` : '';
    this.fail(`Encountered unknown tag '${tag.text}'.${hint}`, tag);
  }

  #for(): Omit<Statement & { kind: 'for' }, 'start' | 'end'> {
    const target = this.#assignee(false, true);
    this.expectWord('in');
    const over = this.parseTuple(false, true);
    const test = this.skipWord('if') ? this.parseExpression() : undefined;
    const recursive = this.skipWord('recursive');
    const body = this.#bodyUntil('endfor', 'else');
    const otherwise = this.next().text === 'else' ? this.#block('endfor') : [];
    return { kind: 'for', target, over, test, recursive, body, otherwise };
  }

  #if(): Omit<Statement & { kind: 'if' }, 'start' | 'end'> {
    const branches: [Expression, Statement[]][] = [];
    for (;;) {
      const test = this.parseTuple(false);
      branches.push([test, this.#bodyUntil('elif', 'else', 'endif')]);
      const ended = this.next().text;
      if (ended === 'elif') continue;
      return { kind: 'if', branches, otherwise: ended === 'else' ? this.#block('endif') : undefined };
    }
  }

  #macro(tag: string): Omit<Statement & { kind: 'macro' }, 'start' | 'end'> {
    const name = this.expect('name').text;
    const macroKind: MacroKind = tag === 'data_test' ? 'test' : (tag as MacroKind);
    const signature = macroKind === 'snapshot' || macroKind === 'docs' ? { parameters: [], defaults: [] } : this.#signature();
    const fullName = macroKind === 'macro' ? name : `${macroKind}_${name}`;
    return { kind: 'macro', macroKind, name: fullName, ...signature, body: this.#block(`end${tag}`) };
  }

  #materialization(): Omit<Statement & { kind: 'macro' }, 'start' | 'end'> {
    const name = this.expect('name').text;
    let adapter = 'default';
    while (this.skipOperator(',')) {
      const option = this.expect('name');
      if (option.text === 'default') continue;
      this.expectOperator('=');
      const value = this.parseExpression();
      if (option.text === 'adapter' && value.kind === 'constant') adapter = String(value.value);
      else if (option.text !== 'supported_languages') this.fail(`A materialization has no option '${option.text}'.`, option);
    }
    const body = this.#block('endmaterialization');
    return { kind: 'macro', macroKind: 'materialization', name: `materialization_${name}_${adapter}`, parameters: [], defaults: [], body };
  }

  #signature(): Signature {
    const parameters: string[] = [];
    const defaults: Expression[] = [];
    this.expectOperator('(');
    while (!this.isOperator(')')) {
      if (parameters.length > 0) this.expectOperator(',');
      if (this.isOperator(')')) break;
      const parameter = this.expect('name');
      if (reserved.has(parameter.text)) this.fail(`can't assign to '${parameter.text}'`, parameter);
      if (this.skipOperator(':')) this.#typeAnnotation();
      if (this.skipOperator('=')) defaults.push(this.parseExpression());
      else if (defaults.length > 0) this.fail('non-default argument follows default argument');
      parameters.push(parameter.text);
    }
    this.expectOperator(')');
    return { parameters, defaults };
  }

  #typeAnnotation(): void {
    this.expect('name');
    if (!this.skipOperator('[')) return;
    for (let first = true; !this.isOperator(']'); first = false) {
      if (!first) this.expectOperator(',');
      this.#typeAnnotation();
    }
    this.next();
  }

  #assignee(withNamespace: boolean, inFor = false): Assignee {
    const one = (): Assignee => {
      if (this.skipOperator('(')) {
        const inside = this.#assignee(false);
        this.expectOperator(')');
        return inside;
      }
      const name = this.expect('name');
      if (reserved.has(name.text)) this.fail(`can't assign to '${name.text}'`, name);
      if (withNamespace && this.skipOperator('.')) return { kind: 'namespace', name: name.text, attribute: this.expect('name').text };
      return { kind: 'name', name: name.text };
    };
    const first = one();
    if (!this.isOperator(',')) return first;
    const items = [first];
    while (this.skipOperator(',')) {
      if (this.isOperator('=') || this.is('block-end') || this.isOperator(')') || (inFor && this.isWord('in'))) break;
      items.push(one());
    }
    return { kind: 'tuple', items };
  }
}
