import { raise, TemplateSyntaxError } from './errors.ts';
import { filters } from './filters.ts';
import { affirm, compare, contains, isEqual, negate, operate, slice } from './operations.ts';
import { isTruthy, iterate } from './protocols.ts';
import { toText } from './repr.ts';
import type { Frame } from './runtime.ts';
import { lookUp } from './runtime.ts';
import type { Arguments, Expression } from './syntax.ts';
import { tests } from './tests.ts';
import type { Keywords, Value } from './values.ts';
import { Dict, noKeywords, toTuple, Undefined } from './values.ts';
import { made } from './work.ts';

export type Evaluate = (frame: Frame) => Value;

interface CallArguments {
  readonly args: Value[];
  readonly keywords: Keywords;
}

/** Compiles expressions of one template to closures. */
export class ExpressionCompiler {
  constructor(readonly template: string) {}

  /** `soft` marks code that may never run, where an unknown filter fails only when it is reached. */
  compile(expression: Expression, soft: boolean): Evaluate {
    switch (expression.kind) {
      case 'constant': {
        const { value } = expression;
        return () => value;
      }
      case 'input':
        return (frame) => frame.input ?? '';
      case 'name': {
        const { name } = expression;
        return (frame) => lookUp(frame, name);
      }
      case 'attribute': {
        const of = this.compile(expression.of, soft);
        const { name } = expression;
        return (frame) => frame.runtime.getAttribute(of(frame), name);
      }
      case 'item':
        return this.#item(expression.of, expression.key, soft);
      case 'slice':
        return () => raise('TypeError', "unhashable type: 'slice'");
      case 'call':
        return this.#call(expression, soft);
      case 'filter':
      case 'test':
        return this.#filterOrTest(expression, soft);
      case 'list': {
        const items = expression.items.map((item) => this.compile(item, soft));
        return (frame) => items.map((item) => item(frame));
      }
      case 'tuple': {
        const items = expression.items.map((item) => this.compile(item, soft));
        return (frame) => toTuple(items.map((item) => item(frame)));
      }
      case 'dict': {
        const entries = expression.entries.map(([key, value]) => [this.compile(key, soft), this.compile(value, soft)] as const);
        return (frame) => new Dict(entries.map(([key, value]) => [key(frame), value(frame)]));
      }
      case 'conditional': {
        const test = this.compile(expression.test, true);
        const then = this.compile(expression.then, true);
        const otherwise = expression.otherwise && this.compile(expression.otherwise, true);
        const hint = 'the inline if-expression evaluated to false and no else section was defined.';
        return (frame) => (isTruthy(test(frame)) ? then(frame) : otherwise ? otherwise(frame) : frame.runtime.undefined(undefined, hint));
      }
      case 'or':
      case 'and': {
        const left = this.compile(expression.left, soft);
        const right = this.compile(expression.right, soft);
        const stopsAt = expression.kind === 'or';
        return (frame) => {
          const value = left(frame);
          return isTruthy(value) === stopsAt ? value : right(frame);
        };
      }
      case 'not': {
        const of = this.compile(expression.of, soft);
        return (frame) => !isTruthy(of(frame));
      }
      case 'negation': {
        const of = this.compile(expression.of, soft);
        return (frame) => negate(of(frame));
      }
      case 'affirmation': {
        const of = this.compile(expression.of, soft);
        return (frame) => affirm(of(frame));
      }
      case 'comparison':
        return this.#comparison(expression.first, expression.rest, soft);
      case 'binary': {
        const left = this.compile(expression.left, soft);
        const right = this.compile(expression.right, soft);
        const { operator } = expression;
        return (frame) => made(frame.runtime.budget, operate(operator, left(frame), right(frame)));
      }
      case 'concatenation': {
        const parts = expression.parts.map((part) => this.compile(part, soft));
        return (frame) => {
          let text = '';
          for (const part of parts) text += toText(part(frame));
          return text;
        };
      }
    }
  }

  #item(of: Expression, key: Expression, soft: boolean): Evaluate {
    const value = this.compile(of, soft);
    if (key.kind !== 'slice') {
      const index = this.compile(key, soft);
      return (frame) => frame.runtime.getItem(value(frame), index(frame));
    }
    const none: Evaluate = () => null;
    const [start, stop, step] = key.parts.map((part) => (part ? this.compile(part, soft) : none)) as [Evaluate, Evaluate, Evaluate];
    return (frame) => {
      const sliced = value(frame);
      if (sliced instanceof Undefined) return sliced.access();
      return slice(sliced, start(frame), stop(frame), step(frame));
    };
  }

  #call(expression: Expression & { kind: 'call' }, soft: boolean): Evaluate {
    const callee = this.compile(expression.callee, soft);
    const prepare = this.compileArguments(expression, soft);
    const { start, end } = expression;
    return (frame) => {
      const { runtime } = frame;
      const called = callee(frame);
      const { args, keywords } = prepare(frame);
      runtime.budget.step();
      runtime.siteStart = start;
      runtime.siteEnd = end;
      return made(runtime.budget, runtime.call(called, args, keywords));
    };
  }

  #filterOrTest(expression: Expression & { kind: 'filter' | 'test' }, soft: boolean): Evaluate {
    const { kind, name, start, end } = expression;
    const of = this.compile(expression.of, soft);
    const found = (kind === 'filter' ? filters : tests).get(name);
    if (!found) {
      const message = `No ${kind} named '${name}'.`;
      if (!soft) throw new TemplateSyntaxError(message, start, this.template);
      return () => raise('TemplateRuntimeError', `${message.slice(0, -1)} found.`);
    }
    const prepare = this.compileArguments(expression, soft);
    return (frame) => {
      const { runtime } = frame;
      const value = of(frame);
      const { args, keywords } = prepare(frame);
      runtime.budget.step();
      runtime.siteStart = start;
      runtime.siteEnd = end;
      return made(runtime.budget, found(value, args, keywords, runtime));
    };
  }

  #comparison(first: Expression, rest: readonly (readonly [string, Expression])[], soft: boolean): Evaluate {
    const start = this.compile(first, soft);
    const steps = rest.map(([operator, operand]) => [comparisonOf(operator), this.compile(operand, soft)] as const);
    return (frame) => {
      let left = start(frame);
      for (const [holds, operand] of steps) {
        const right = operand(frame);
        if (!holds(left, right)) return false;
        left = right;
      }
      return true;
    };
  }

  compileArguments(call: Arguments, soft: boolean): (frame: Frame) => CallArguments {
    const positional = call.positional.map((argument) => this.compile(argument, soft));
    const named = call.keywords.map(([name, value]) => [name, this.compile(value, soft)] as const);
    const star = call.star && this.compile(call.star, soft);
    const doubleStar = call.doubleStar && this.compile(call.doubleStar, soft);
    if (!star && !doubleStar && named.length === 0)
      return (frame) => ({ args: positional.map((argument) => argument(frame)), keywords: noKeywords });
    return (frame) => {
      const args = positional.map((argument) => argument(frame));
      const keywords = new Map<string, Value>();
      for (const [name, value] of named) keywords.set(name, value(frame));
      if (star) {
        const more = star(frame);
        if (more instanceof Undefined) more.fail();
        args.push(...iterate(more));
      }
      if (doubleStar) {
        const more = doubleStar(frame);
        if (!(more instanceof Dict)) raise('TypeError', 'argument after ** must be a mapping');
        for (const [name, value] of more.entries()) {
          if (typeof name !== 'string') raise('TypeError', 'keywords must be strings');
          if (keywords.has(name)) raise('TypeError', `got multiple values for keyword argument '${name}'`);
          keywords.set(name, value);
        }
      }
      return { args, keywords };
    };
  }
}

function comparisonOf(operator: string): (left: Value, right: Value) => boolean {
  switch (operator) {
    case '==':
      return isEqual;
    case '!=':
      return (left, right) => !isEqual(left, right);
    case 'in':
      return (left, right) => contains(right, left);
    case 'not in':
      return (left, right) => !contains(right, left);
    case '<':
      return (left, right) => compare(left, right, '<') < 0;
    case '<=':
      return (left, right) => compare(left, right, '<=') <= 0;
    case '>':
      return (left, right) => compare(left, right, '>') > 0;
    default:
      return (left, right) => compare(left, right, '>=') >= 0;
  }
}
