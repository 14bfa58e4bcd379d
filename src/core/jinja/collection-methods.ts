import { raise } from './errors.ts';
import type { Method, Methods } from './methods.ts';
import { isEqual, sortBy } from './operations.ts';
import { argument, isTruthy, iterate, toIndex } from './protocols.ts';
import { repr } from './repr.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Tuple, Value } from './values.ts';
import { Dict, noKeywords, PySet, Undefined, View } from './values.ts';

function only(args: readonly Value[], callee: string): Value {
  if (args.length !== 1) raise('TypeError', `${callee} takes exactly one argument (${args.length} given)`);
  return args[0] as Value;
}

function indexOf(items: readonly Value[], args: readonly Value[], what: string): number {
  const from = args[1] === undefined ? 0 : toIndex(args[1]);
  const start = from < 0 ? Math.max(0, from + items.length) : from;
  const to = args[2] === undefined ? items.length : toIndex(args[2]);
  const end = to < 0 ? to + items.length : to;
  for (let i = start; i < Math.min(end, items.length); i++) if (isEqual(items[i] as Value, args[0] as Value)) return i;
  raise('ValueError', what);
}

function sortList(self: Value[], keywords: Keywords, runtime: Runtime): null {
  const key = keywords.get('key') ?? null;
  const sorted = sortBy(
    self,
    key === null ? (item) => item : (item) => runtime.call(key, [item], noKeywords),
    isTruthy(keywords.get('reverse') ?? false),
  );
  self.splice(0, self.length, ...sorted);
  return null;
}

/** The methods of `list`. */
export const listMethods: Methods<Value[]> = new Map<string, Method<Value[]>>([
  [
    'append',
    (self, args) => {
      self.push(only(args, 'list.append()'));
      return null;
    },
  ],
  [
    'extend',
    (self, args) => {
      for (const item of [...iterate(only(args, 'list.extend()'))]) self.push(item);
      return null;
    },
  ],
  [
    'insert',
    (self, args) => {
      if (args.length !== 2) raise('TypeError', `insert expected 2 arguments, got ${args.length}`);
      self.splice(toIndex(args[0]), 0, args[1] as Value);
      return null;
    },
  ],
  [
    'pop',
    (self, args) => {
      if (self.length === 0) raise('IndexError', 'pop from empty list');
      const index = args.length > 0 ? toIndex(args[0]) : -1;
      const at = index < 0 ? index + self.length : index;
      if (at < 0 || at >= self.length) raise('IndexError', 'pop index out of range');
      return self.splice(at, 1)[0] as Value;
    },
  ],
  [
    'remove',
    (self, args) => {
      const item = only(args, 'list.remove()');
      const at = self.findIndex((other) => isEqual(other, item));
      if (at === -1) raise('ValueError', 'list.remove(x): x not in list');
      self.splice(at, 1);
      return null;
    },
  ],
  [
    'clear',
    (self) => {
      self.length = 0;
      return null;
    },
  ],
  ['copy', (self) => self.slice()],
  [
    'reverse',
    (self) => {
      self.reverse();
      return null;
    },
  ],
  ['sort', (self, _args, keywords, runtime) => sortList(self, keywords, runtime)],
  ['index', (self, args) => indexOf(self, args, `${repr(args[0] ?? null)} is not in list`)],
  ['count', (self, args) => self.filter((item) => isEqual(item, only(args, 'list.count()'))).length],
]);

/** The methods of `tuple`. */
export const tupleMethods: Methods<Tuple> = new Map<string, Method<Tuple>>([
  ['index', (self, args) => indexOf(self, args, 'tuple.index(x): x not in tuple')],
  ['count', (self, args) => self.filter((item) => isEqual(item, only(args, 'tuple.count()'))).length],
]);

/** The pairs that `dict(…)` and `update(…)` accept: a mapping, or a sequence of pairs. */
export function toPairs(value: Value): readonly (readonly Value[])[] {
  if (value instanceof Undefined) value.fail();
  if (value instanceof Dict) return value.items();
  return iterate(value).map((pair, i) => {
    const items = iterate(pair);
    if (items.length !== 2) raise('ValueError', `dictionary update sequence element #${i} has length ${items.length}; 2 is required`);
    return items;
  });
}

/** The methods of `dict`. */
export const dictMethods: Methods<Dict> = new Map<string, Method<Dict>>([
  [
    'get',
    (self, args) => {
      const found = self.get(args[0] ?? null);
      return found === undefined ? (args[1] ?? null) : found;
    },
  ],
  ['keys', (self) => new View('keys', self)],
  ['values', (self) => new View('values', self)],
  ['items', (self) => new View('items', self)],
  ['copy', (self) => new Dict(self.entries())],
  [
    'clear',
    (self) => {
      self.clear();
      return null;
    },
  ],
  [
    'update',
    (self, args, keywords) => {
      if (args[0] !== undefined) for (const [key, value] of toPairs(args[0])) self.set(key as Value, value as Value);
      for (const [key, value] of keywords) self.set(key, value);
      return null;
    },
  ],
  [
    'pop',
    (self, args) => {
      const key = args[0] ?? null;
      const value = self.get(key);
      if (value === undefined) return args.length > 1 ? (args[1] as Value) : raise('KeyError', repr(key));
      self.delete(key);
      return value;
    },
  ],
  [
    'popitem',
    (self) => {
      const last = self.items().at(-1);
      if (!last) raise('KeyError', "'popitem(): dictionary is empty'");
      self.delete(last[0] as Value);
      return last;
    },
  ],
  [
    'setdefault',
    (self, args) => {
      const key = args[0] ?? null;
      const found = self.get(key);
      if (found !== undefined) return found;
      const value = args[1] ?? null;
      self.set(key, value);
      return value;
    },
  ],
  ['fromkeys', (_self, args) => new Dict(iterate(args[0] ?? null).map((key) => [key, args[1] ?? null]))],
]);

const others = (args: readonly Value[]): PySet[] => args.map((items) => new PySet(iterate(items)));

const intersection = (self: readonly Value[], args: readonly Value[]): PySet => {
  const sets = others(args);
  return new PySet(self.filter((item) => sets.every((set) => set.has(item))));
};

const difference = (self: readonly Value[], args: readonly Value[]): PySet => {
  const sets = others(args);
  return new PySet(self.filter((item) => !sets.some((set) => set.has(item))));
};

/** The methods of `set`. */
export const setMethods: Methods<PySet> = new Map<string, Method<PySet>>([
  [
    'add',
    (self, args) => {
      self.add(only(args, 'set.add()'));
      return null;
    },
  ],
  [
    'update',
    (self, args) => {
      for (const items of args) for (const item of iterate(items)) self.add(item);
      return null;
    },
  ],
  ['remove', (self, args) => (self.dict.delete(only(args, 'set.remove()')) ? null : raise('KeyError', repr(args[0] ?? null)))],
  [
    'discard',
    (self, args) => {
      self.dict.delete(only(args, 'set.discard()'));
      return null;
    },
  ],
  ['union', (self, args) => new PySet([...self.list(), ...args.flatMap((items) => [...iterate(items)])])],
  ['intersection', (self, args) => intersection(self.list(), args)],
  ['difference', (self, args) => difference(self.list(), args)],
  [
    'symmetric_difference',
    (self, args) => {
      const [other = new PySet()] = others(args);
      return new PySet([...self.list().filter((item) => !other.has(item)), ...other.list().filter((item) => !self.has(item))]);
    },
  ],
  [
    'issubset',
    (self, args) => {
      const [other = new PySet()] = others(args);
      return self.list().every((item) => other.has(item));
    },
  ],
  ['issuperset', (self, args) => iterate(args[0] ?? null).every((item) => self.has(item))],
  ['isdisjoint', (self, args) => !iterate(args[0] ?? null).some((item) => self.has(item))],
  [
    'intersection_update',
    (self, args) => {
      for (const item of difference(self.list(), [intersection(self.list(), args)]).list()) self.dict.delete(item);
      return null;
    },
  ],
  [
    'difference_update',
    (self, args) => {
      for (const item of intersection(self.list(), args).list()) self.dict.delete(item);
      return null;
    },
  ],
  ['copy', (self) => new PySet(self.list())],
  [
    'pop',
    (self) => {
      const [first] = self.list();
      if (first === undefined) raise('KeyError', "'pop from an empty set'");
      self.dict.delete(first);
      return first;
    },
  ],
  [
    'clear',
    (self) => {
      self.dict.clear();
      return null;
    },
  ],
]);

/** The methods of the views of a dict's keys and items. */
export const viewMethods: Methods<View> = new Map<string, Method<View>>([
  ['isdisjoint', (self, args) => intersection(self.list(), args).size === 0],
]);

/** The arguments of `dict(…)`. */
export function buildDict(args: readonly Value[], keywords: Keywords): Dict {
  const first = argument(args, noKeywords, 0, '');
  const dict = new Dict(first === undefined ? [] : toPairs(first));
  for (const [key, value] of keywords) dict.set(key, value);
  return dict;
}
