import { BudgetError } from './budget.ts';
import type { Evaluate } from './compile-expression.ts';
import { ExpressionCompiler } from './compile-expression.ts';
import { PyError, raise } from './errors.ts';
import { Loop } from './loop.ts';
import type { MacroParts } from './macro.ts';
import { bindMacro, specialNames } from './macro.ts';
import { isTruthy, iterate } from './protocols.ts';
import { toText } from './repr.ts';
import type { Frame } from './runtime.ts';
import { lookUp, Output, Scope, within } from './runtime.ts';
import type { Assignee, Signature, Statement } from './syntax.ts';
import type { Value } from './values.ts';
import { Namespace, typeName } from './values.ts';

/** How a statement ended: on, or by leaving the loop or the turn. */
const proceed = 0;
const broken = 1;
const continued = 2;
type Ending = typeof proceed | typeof broken | typeof continued;

export type Execute = (frame: Frame, out: Output) => Ending;
type Assign = (frame: Frame, value: Value) => void;

/** Compiles statements of one template to closures. */
export class StatementCompiler {
  readonly #expressions: ExpressionCompiler;

  constructor(
    readonly template: string,
    /** Put before the names of macros defined in the template: dbt hides them so. */
    readonly macroPrefix = '',
  ) {
    this.#expressions = new ExpressionCompiler(template);
  }

  compileBlock(statements: readonly Statement[], soft = false): Execute {
    const steps = statements.map((statement) => this.#statement(statement, soft));
    const { template } = this;
    return (frame, out) => {
      const { runtime } = frame;
      let i = 0;
      try {
        runtime.budget.step(steps.length);
        for (; i < steps.length; i++) {
          const ending = (steps[i] as Execute)(frame, out);
          if (ending !== proceed) return ending;
        }
        return proceed;
      } catch (error) {
        const statement = statements[i] ?? statements[0];
        throw statement ? locate(error, template, statement, runtime.siteStart) : error;
      }
    };
  }

  compileMacro(name: string, signature: Signature, body: readonly Statement[]): MacroParts {
    return {
      name,
      parameters: signature.parameters,
      defaults: signature.defaults.map((value) => this.#expressions.compile(value, false)),
      body: this.compileBlock(body),
      uses: specialNames(body),
    };
  }

  #statement(statement: Statement, soft: boolean): Execute {
    const { start, end } = statement;
    switch (statement.kind) {
      case 'data': {
        const { text } = statement;
        return (_frame, out) => {
          out.write(text, start, end, true);
          return proceed;
        };
      }
      case 'output': {
        const value = this.#expressions.compile(statement.value, soft);
        return (frame, out) => {
          out.write(toText(value(frame)), start, end, false);
          return proceed;
        };
      }
      case 'if': {
        const branches = statement.branches.map(
          ([test, body]) => [this.#expressions.compile(test, true), this.compileBlock(body, true)] as const,
        );
        const otherwise = statement.otherwise && this.compileBlock(statement.otherwise, true);
        return (frame, out) => {
          for (const [test, body] of branches) if (isTruthy(test(frame))) return body(frame, out);
          return otherwise ? otherwise(frame, out) : proceed;
        };
      }
      case 'for':
        return this.#for(statement);
      case 'set': {
        const value = this.#expressions.compile(statement.value, soft);
        const assign = this.#assign(statement.target);
        return (frame) => {
          assign(frame, value(frame));
          return proceed;
        };
      }
      case 'set-block': {
        const capture = this.#capture(statement.body, statement.filter && this.#expressions.compile(statement.filter, soft));
        const assign = this.#assign(statement.target);
        return (frame) => {
          assign(frame, capture(frame));
          return proceed;
        };
      }
      case 'filter-block': {
        const capture = this.#capture(statement.body, this.#expressions.compile(statement.filter, soft));
        return (frame, out) => {
          const text = capture(frame);
          if (typeof text !== 'string') raise('TypeError', `expected str instance, ${typeName(text)} found`);
          out.write(text, start, end, false);
          return proceed;
        };
      }
      case 'do': {
        const value = this.#expressions.compile(statement.value, soft);
        return (frame) => {
          value(frame);
          return proceed;
        };
      }
      case 'macro': {
        const parts = this.compileMacro(statement.name, statement, statement.body);
        const name = this.macroPrefix + statement.name;
        return (frame) => {
          frame.scope.set(name, bindMacro(parts, frame));
          return proceed;
        };
      }
      case 'call-block': {
        const caller = this.compileMacro('caller', statement, statement.body);
        const callee = this.#expressions.compile(statement.call.callee, soft);
        const prepare = this.#expressions.compileArguments(statement.call, soft);
        return (frame, out) => {
          const { runtime } = frame;
          const called = callee(frame);
          const { args, keywords } = prepare(frame);
          runtime.siteStart = statement.call.start;
          runtime.siteEnd = end;
          const value = runtime.call(called, args, new Map([...keywords, ['caller', bindMacro(caller, frame)]]));
          out.write(toText(value), start, end, false);
          return proceed;
        };
      }
      case 'with': {
        const assignments = statement.assignments.map(
          ([target, value]) => [this.#assign(target), this.#expressions.compile(value, soft)] as const,
        );
        const body = this.compileBlock(statement.body);
        return (frame, out) => {
          const inner = within(frame);
          for (const [assign, value] of assignments) assign(inner, value(frame));
          return body(inner, out);
        };
      }
      case 'scope': {
        const body = this.compileBlock(statement.body);
        return (frame, out) => body(within(frame), out);
      }
      case 'break':
        return () => broken;
      case 'continue':
        return () => continued;
      case 'loaderless':
        return () => raise('TypeError', `no loader for this environment specified: '${statement.tag}' does not work in dbt`);
    }
  }

  /** Runs a body aside and gives its text, filtered where there is a filter. */
  #capture(statements: readonly Statement[], filter: Evaluate | undefined): Evaluate {
    const body = this.compileBlock(statements);
    return (frame) => {
      const out = new Output(frame.runtime.budget);
      body(within(frame), out);
      return filter ? filter({ ...frame, input: out.text }) : out.text;
    };
  }

  #assign(target: Assignee): Assign {
    switch (target.kind) {
      case 'name': {
        const { name } = target;
        return (frame, value) => frame.scope.set(name, value);
      }
      case 'namespace': {
        const { name, attribute } = target;
        return (frame, value) => {
          const namespace = lookUp(frame, name);
          if (!(namespace instanceof Namespace)) raise('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
          namespace.values.set(attribute, value);
        };
      }
      case 'tuple': {
        const targets = target.items.map((item) => this.#assign(item));
        return (frame, value) => {
          const items = [...iterate(value)];
          const expected = targets.length;
          if (items.length > expected) raise('ValueError', `too many values to unpack (expected ${expected})`);
          if (items.length < expected) raise('ValueError', `not enough values to unpack (expected ${expected}, got ${items.length})`);
          for (const [i, assign] of targets.entries()) assign(frame, items[i] as Value);
        };
      }
    }
  }

  #for(statement: Statement & { kind: 'for' }): Execute {
    const over = this.#expressions.compile(statement.over, false);
    const assign = this.#assign(statement.target);
    const test = statement.test && this.#expressions.compile(statement.test, false);
    const body = this.compileBlock(statement.body);
    const otherwise = statement.otherwise.length > 0 ? this.compileBlock(statement.otherwise) : undefined;
    const keep = (frame: Frame, item: Value): boolean => {
      const inner = within(frame);
      assign(inner, item);
      return !test || isTruthy(test(inner));
    };
    const run = (frame: Frame, out: Output, source: Value, depth: number): Ending => {
      const { runtime } = frame;
      const all = iterate(source);
      const items = test ? all.filter((item) => keep(frame, item)) : all;
      runtime.budget.step(test ? all.length : 0);
      const recurse = (inner: Value): string => {
        const captured = new Output(runtime.budget);
        runtime.budget.enter();
        run(frame, captured, inner, depth + 1);
        runtime.budget.leave();
        return captured.text;
      };
      const loop = new Loop(items, depth, runtime, statement.recursive ? recurse : undefined);
      for (let i = 0; i < items.length; i++) {
        runtime.budget.step();
        loop.index = i;
        const scope = new Scope(frame.scope);
        scope.set('loop', loop);
        const inner: Frame = { scope, runtime };
        assign(inner, items[i] as Value);
        if (body(inner, out) === broken) break;
      }
      return items.length === 0 && otherwise ? otherwise(within(frame), out) : proceed;
    };
    return (frame, out) => run(frame, out, over(frame), 1);
  }
}

/** Notes in an error where the template was; the place of the call that ran is closer than that of its statement. */
function locate(error: unknown, template: string, statement: Statement, site: number): unknown {
  if (error instanceof RangeError)
    return new BudgetError('The template is nested too deeply and was stopped: does a macro call itself without an end?');
  if (error instanceof PyError && error.frames.at(-1)?.template !== template && error.frames.length < 30)
    error.frames.push({ template, offset: site >= statement.start && site < statement.end ? site : statement.start });
  return error;
}
