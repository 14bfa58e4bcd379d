import type { Budget } from './budget.ts';
import { raise } from './errors.ts';
import type { Filter } from './filters.ts';
import { filters } from './filters.ts';
import { methodsOf, partOfNumber } from './methods.ts';
import { codePoints, isInt, toNumber } from './protocols.ts';
import { repr, toText } from './repr.ts';
import { tests } from './tests.ts';
import type { Callable, Keywords, Value } from './values.ts';
import { Dict, PyObject, Range, Tuple, typeName, Undefined, View } from './values.ts';

/** The names that a template sees without setting them. */
export type Globals = (name: string) => Value | undefined;

/** What one run of one template needs: its names, the budget it shares and how it treats what is undefined. */
export class Runtime {
  /** Where the call or filter that runs stands in the template: for errors, and for those who record calls. */
  siteStart = 0;
  siteEnd = 0;

  constructor(
    readonly globals: Globals,
    readonly budget: Budget,
    /** What is undefined swallows attributes and calls, as in the text of a node in dbt's parse phase. */
    readonly chains = false,
  ) {}

  undefined(name: string | undefined, hint?: string): Undefined {
    return new Undefined(name, hint, this.chains);
  }

  findFilter(name: string): Filter | undefined {
    return filters.get(name);
  }

  findTest(name: string): Filter | undefined {
    return tests.get(name);
  }

  /** `value.name` in a template: the attribute, else the item. */
  getAttribute(value: Value, name: string): Value {
    if (value instanceof Undefined) return value.access();
    const attribute = this.#ownAttribute(value, name);
    if (attribute !== undefined) return attribute;
    const item = value instanceof Dict ? value.get(name) : value instanceof PyObject ? value.item(name) : undefined;
    return item === undefined ? this.undefined(name, `'${describe(value)}' has no attribute '${name}'`) : item;
  }

  /** `value|attr(name)`: the attribute only. */
  getAttributeOnly(value: Value, name: string): Value {
    if (value instanceof Undefined) return value.access();
    const attribute = this.#ownAttribute(value, name);
    return attribute === undefined ? this.undefined(name, `'${describe(value)}' has no attribute '${name}'`) : attribute;
  }

  /** `value[key]` in a template: the item, else the attribute. */
  getItem(value: Value, key: Value): Value {
    if (value instanceof Undefined) return value.access();
    if (Array.isArray(value) || value instanceof Range) {
      if (isInt(key) || typeof key === 'boolean') {
        const index = toNumber(key);
        const at = index < 0 ? index + value.length : index;
        if (at >= 0 && at < value.length) return Array.isArray(value) ? (value[at] as Value) : value.start + at * value.step;
      }
    } else if (typeof value === 'string') {
      if (isInt(key) || typeof key === 'boolean') {
        const characters = codePoints(value);
        const character = characters.at(toNumber(key));
        if (character !== undefined) return character;
      }
    } else if (value instanceof Dict) {
      const item = Array.isArray(key) && !(key instanceof Tuple) ? undefined : value.get(key);
      if (item !== undefined) return item;
    } else if (value instanceof PyObject) {
      const item = value.item(key);
      if (item !== undefined) return item;
    }
    if (typeof key === 'string') {
      const attribute = this.#ownAttribute(value, key);
      if (attribute !== undefined) return attribute;
      return this.undefined(key, `'${describe(value)}' has no attribute '${key}'`);
    }
    return this.undefined(toText(key), `${describe(value)} has no element ${repr(key)}`);
  }

  /** A method or attribute of a value's own type, bound to it. */
  methodOf(value: string, name: string): Value | undefined {
    return this.#ownAttribute(value, name);
  }

  call(callee: Value, args: readonly Value[], keywords: Keywords): Value {
    if (typeof callee === 'function') return callee(args, keywords);
    if (callee instanceof PyObject) return callee.call(args, keywords);
    if (callee instanceof Undefined) return callee.access();
    raise('TypeError', `'${typeName(callee)}' object is not callable`);
  }

  #ownAttribute(value: Exclude<Value, Undefined>, name: string): Value | undefined {
    if (name.startsWith('_')) return undefined;
    if (value instanceof PyObject) return value.attribute(name);
    if (typeof value === 'function') return value.attributes && Object.hasOwn(value.attributes, name) ? value.attributes[name] : undefined;
    if (value instanceof Tuple && value.fields) {
      const index = value.fields.indexOf(name);
      if (index !== -1) return value[index];
    }
    if (value instanceof View && name === 'mapping') return value.dict;
    const part = partOfNumber(value, name);
    if (part !== undefined) return part;
    const method = methodsOf(value)?.get(name);
    if (!method) return undefined;
    const bound: Callable = (args, keywords) => method(value as never, args, keywords, this);
    bound.pyName = name;
    return bound;
  }
}

function describe(value: Value): string {
  return value === null ? 'None' : `${typeName(value)} object`;
}

/** The names set in a block, and the blocks around it. */
export class Scope {
  readonly #names = new Map<string, Value>();

  constructor(readonly outer?: Scope) {}

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  find(name: string): Value | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.outer) {
      const value = scope.#names.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

/** Where a statement runs. */
export interface Frame {
  readonly scope: Scope;
  readonly runtime: Runtime;
  /** What `input` gives inside a filter block. */
  readonly input?: Value;
}

export function within(frame: Frame): Frame {
  return { scope: new Scope(frame.scope), runtime: frame.runtime };
}

/** The value of a name, or what is undefined. */
export function lookUp(frame: Frame, name: string): Value {
  const local = frame.scope.find(name);
  if (local !== undefined) return local;
  const outer = frame.runtime.globals(name);
  return outer === undefined ? frame.runtime.undefined(name) : outer;
}

/** Collects the text of a template and, where asked, where each piece comes from. */
export class Output {
  text = '';

  constructor(
    readonly budget: Budget,
    /** Four numbers a piece: its start in the output, its start and end in the template, and 1 where it is a copy. */
    readonly pieces?: number[],
  ) {}

  write(text: string, start: number, end: number, verbatim: boolean): void {
    if (text === '') return;
    this.budget.write(text.length);
    this.pieces?.push(this.text.length, start, end, verbatim ? 1 : 0);
    this.text += text;
  }
}
