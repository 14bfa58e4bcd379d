import type { Evaluate } from './compile-expression.ts';
import type { Execute } from './compile-statement.ts';
import { raise } from './errors.ts';
import type { Frame } from './runtime.ts';
import { Output, Scope } from './runtime.ts';
import type { Assignee, Expression, Statement } from './syntax.ts';
import type { Callable, Value } from './values.ts';
import { Dict, toTuple } from './values.ts';

/** Which of the names that a macro is given only when it reads them, it reads. */
export interface SpecialNames {
  readonly caller: boolean;
  readonly varargs: boolean;
  readonly kwargs: boolean;
}

/** A compiled macro, without the frame it is defined in. */
export interface MacroParts {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly defaults: readonly Evaluate[];
  readonly body: Execute;
  readonly uses: SpecialNames;
}

/** The macro as a value; it sees the names of the frame it is defined in. */
export function bindMacro(parts: MacroParts, frame: Frame): Callable {
  const { name, parameters, defaults, body, uses } = parts;
  const { runtime } = frame;
  const takesCaller = uses.caller && !parameters.includes('caller');
  const firstDefault = parameters.length - defaults.length;
  const macro: Callable = (args, keywords) => {
    if (args.length > parameters.length && !uses.varargs)
      raise('TypeError', `macro '${name}' takes not more than ${parameters.length} argument(s)`);
    const scope = new Scope(frame.scope);
    const inner: Frame = { scope, runtime };
    const rest = keywords.size === 0 ? none : new Map(keywords);
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i] as string;
      const given = rest.get(parameter);
      if (i < args.length) {
        if (given !== undefined) raise('TypeError', `macro '${name}' got multiple values for argument '${parameter}'`);
        scope.set(parameter, args[i] as Value);
      } else if (given !== undefined) {
        scope.set(parameter, given);
        rest.delete(parameter);
      } else if (i < firstDefault) scope.set(parameter, runtime.undefined(parameter, `parameter '${parameter}' was not provided`));
    }
    // A default sees every other parameter, whichever stands first.
    for (let i = Math.max(firstDefault, args.length); i < parameters.length; i++) {
      const parameter = parameters[i] as string;
      if (!keywords.has(parameter)) scope.set(parameter, (defaults[i - firstDefault] as Evaluate)(inner));
    }
    if (takesCaller) {
      scope.set('caller', rest.get('caller') ?? runtime.undefined('caller', 'No caller defined'));
      rest.delete('caller');
    }
    if (uses.kwargs) scope.set('kwargs', new Dict(rest));
    else for (const key of rest.keys()) raise('TypeError', `macro '${name}' takes no keyword argument '${key}'`);
    if (uses.varargs) scope.set('varargs', toTuple(args.slice(parameters.length)));
    const out = new Output(runtime.budget);
    runtime.budget.enter();
    try {
      body(inner, out);
    } finally {
      runtime.budget.leave();
    }
    return out.text;
  };
  macro.pyName = name;
  macro.attributes = attributesOf(parts);
  return macro;
}

const none = new Map<string, Value>();
const knownAttributes = new WeakMap<MacroParts, Callable['attributes'] & object>();

/** What templates read of a macro itself; the same for every binding of it. */
function attributesOf(parts: MacroParts): Callable['attributes'] & object {
  const { name, parameters, uses } = parts;
  let known = knownAttributes.get(parts);
  if (known === undefined) {
    known = {
      name,
      arguments: toTuple(parameters),
      catch_kwargs: uses.kwargs,
      catch_varargs: uses.varargs,
      caller: uses.caller || parameters.includes('caller'),
    };
    knownAttributes.set(parts, known);
  }
  return known;
}

/** Finds the special names that a body reads before it sets them, in the order in which Jinja's own visitor walks. */
export function specialNames(body: readonly Statement[]): SpecialNames {
  const sought = new Set(['caller', 'varargs', 'kwargs']);
  const found = new Set<string>();
  const store = (target: Assignee): void => {
    if (target.kind === 'name') sought.delete(target.name);
    else if (target.kind === 'tuple') target.items.forEach(store);
    else load(target.name);
  };
  const load = (name: string): void => {
    if (sought.has(name)) found.add(name);
  };
  const expression = (node: Expression | undefined): void => {
    switch (node?.kind) {
      case undefined:
      case 'constant':
      case 'input':
        return;
      case 'name':
        load(node.name);
        return;
      case 'attribute':
      case 'not':
      case 'negation':
      case 'affirmation':
        expression(node.of);
        return;
      case 'item':
        expression(node.of);
        expression(node.key);
        return;
      case 'slice':
        node.parts.forEach(expression);
        return;
      case 'call':
        expression(node.callee);
        call(node);
        return;
      case 'filter':
      case 'test':
        expression(node.of);
        call(node);
        return;
      case 'list':
      case 'tuple':
        node.items.forEach(expression);
        return;
      case 'dict':
        for (const entry of node.entries) entry.forEach(expression);
        return;
      case 'conditional':
        [node.test, node.then, node.otherwise].forEach(expression);
        return;
      case 'or':
      case 'and':
      case 'binary':
        [node.left, node.right].forEach(expression);
        return;
      case 'comparison':
        expression(node.first);
        for (const [, operand] of node.rest) expression(operand);
        return;
      case 'concatenation':
        node.parts.forEach(expression);
        return;
    }
  };
  const call = (node: Expression & { kind: 'call' | 'filter' | 'test' }): void => {
    node.positional.forEach(expression);
    for (const [, value] of node.keywords) expression(value);
    expression(node.star);
    expression(node.doubleStar);
  };
  const statements = (list: readonly Statement[] | undefined): void => {
    for (const node of list ?? []) statement(node);
  };
  const statement = (node: Statement): void => {
    switch (node.kind) {
      case 'output':
      case 'do':
        expression(node.value);
        return;
      case 'if':
        for (const [test, then] of node.branches) {
          expression(test);
          statements(then);
        }
        statements(node.otherwise);
        return;
      case 'for':
        store(node.target);
        expression(node.over);
        statements(node.body);
        statements(node.otherwise);
        expression(node.test);
        return;
      case 'set':
        store(node.target);
        expression(node.value);
        return;
      case 'set-block':
        store(node.target);
        expression(node.filter);
        statements(node.body);
        return;
      case 'macro':
      case 'call-block':
        if (node.kind === 'call-block') expression(node.call);
        for (const parameter of node.parameters) sought.delete(parameter);
        node.defaults.forEach(expression);
        statements(node.body);
        return;
      case 'filter-block':
        statements(node.body);
        expression(node.filter);
        return;
      case 'with':
        for (const [target] of node.assignments) store(target);
        for (const [, value] of node.assignments) expression(value);
        statements(node.body);
        return;
      case 'scope':
        statements(node.body);
        return;
    }
  };
  statements(body);
  return { caller: found.has('caller'), varargs: found.has('varargs'), kwargs: found.has('kwargs') };
}
