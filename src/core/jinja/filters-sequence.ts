import { checkSize } from './budget.ts';
import { PyError, raise } from './errors.ts';
import type { Filter, Filters } from './filters.ts';
import { compare, isEqual, operate, sortBy } from './operations.ts';
import { argument, isTruthy, iterate, lengthOf, required, toIndex } from './protocols.ts';
import { toText } from './repr.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Value } from './values.ts';
import { Dict, Iter, PyObject, PySet, Tuple, toTuple, typeName, Undefined } from './values.ts';

type Getter = (item: Value) => Value;

const itself: Getter = (item) => item;
const ignoreCase: Getter = (item) => (typeof item === 'string' ? item.toLowerCase() : item);

/** Reads an attribute path such as `config.materialized` or `0.name`; a default stands in where it breaks. */
function getter(runtime: Runtime, path: Value | undefined, otherwise?: Value): Getter {
  if (path === undefined || path === null) return itself;
  const parts: Value[] = typeof path === 'string' ? path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [path];
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = runtime.getItem(value, part);
      if (value instanceof Undefined && otherwise !== undefined && otherwise !== null) value = otherwise;
    }
    return value;
  };
}

function keyOf(get: Getter, caseSensitive: Value | undefined): Getter {
  return isTruthy(caseSensitive ?? false) ? get : (item) => ignoreCase(get(item));
}

/** What `map` does with each item. */
function mapper(args: readonly Value[], keywords: Keywords, runtime: Runtime): Getter {
  if (args.length === 0 && keywords.has('attribute')) {
    const unknown = [...keywords.keys()].find((key) => key !== 'attribute' && key !== 'default');
    if (unknown !== undefined) raise('FilterArgumentError', `Unexpected keyword argument '${unknown}'`);
    return getter(runtime, keywords.get('attribute'), keywords.get('default'));
  }
  const [name, ...rest] = args;
  if (name === undefined) raise('FilterArgumentError', 'map requires a filter argument');
  const filter = runtime.findFilter(toText(name)) ?? raise('TemplateRuntimeError', `No filter named '${toText(name)}'.`);
  return (item) => filter(item, rest, keywords, runtime);
}

/** Whether `select` and its kin keep an item. */
function selector(args: readonly Value[], keywords: Keywords, runtime: Runtime, byAttribute: boolean): (item: Value) => boolean {
  if (byAttribute && args.length === 0) raise('FilterArgumentError', 'Missing parameter for attribute name');
  const get = byAttribute ? getter(runtime, args[0]) : itself;
  const [name, ...rest] = args.slice(byAttribute ? 1 : 0);
  if (name === undefined) return (item) => isTruthy(get(item));
  const test = runtime.findTest(toText(name)) ?? raise('TemplateRuntimeError', `No test named '${toText(name)}'.`);
  return (item) => isTruthy(test(get(item), rest, keywords, runtime));
}

function select(keep: boolean, byAttribute: boolean): Filter {
  return (value, args, keywords, runtime) => {
    if (!isTruthy(value)) return new Iter([]);
    const holds = selector(args, keywords, runtime, byAttribute);
    return new Iter(iterate(value).filter((item) => holds(item) === keep));
  };
}

function extreme(sign: 1 | -1): Filter {
  return (value, args, keywords, runtime) => {
    const items = iterate(value);
    const [first] = items;
    if (first === undefined) return runtime.undefined(undefined, 'No aggregated item, sequence was empty.');
    const key = keyOf(getter(runtime, argument(args, keywords, 1, 'attribute')), argument(args, keywords, 0, 'case_sensitive'));
    return items.reduce((best, item) => (sign * compare(key(item), key(best), sign > 0 ? '<' : '>') < 0 ? item : best));
  };
}

const batch: Filter = (value, args, keywords) => {
  const size = toIndex(required(args, keywords, 0, 'linecount', 'do_batch()'));
  const fill = argument(args, keywords, 1, 'fill_with') ?? null;
  const rows: Value[][] = [];
  let row: Value[] = [];
  for (const item of iterate(value)) {
    if (row.length === size) {
      rows.push(row);
      row = [];
    }
    row.push(item);
  }
  if (row.length > 0) {
    checkSize(size);
    if (fill !== null) while (row.length < size) row.push(fill);
    rows.push(row);
  }
  return new Iter(rows);
};

const sliceColumns: Filter = (value, args, keywords) => {
  const count = toIndex(required(args, keywords, 0, 'slices', 'do_slice()'));
  const fill = argument(args, keywords, 1, 'fill_with') ?? null;
  const items = iterate(value);
  if (count === 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
  checkSize(count);
  const size = Math.floor(items.length / count);
  const extra = items.length % count;
  const columns: Value[][] = [];
  for (let i = 0, from = 0; i < count; i++) {
    const to = from + size + (i < extra ? 1 : 0);
    const column = items.slice(from, to);
    if (fill !== null && i >= extra) column.push(fill);
    columns.push(column);
    from = to;
  }
  return new Iter(columns.map((column) => [...column]));
};

const groupBy: Filter = (value, args, keywords, runtime) => {
  const attribute = required(args, keywords, 0, 'attribute', 'do_groupby()');
  const get = getter(runtime, attribute, argument(args, keywords, 1, 'default'));
  const key = keyOf(get, argument(args, keywords, 2, 'case_sensitive'));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortBy(iterate(value), key)) {
    const last = groups.at(-1);
    const itemKey = key(item);
    if (last && isEqual(last.key, itemKey)) last.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  return groups.map(({ items }) => {
    const group = toTuple([get(items[0] as Value), items]);
    group.fields = ['grouper', 'list'];
    return group;
  });
};

const dictSort: Filter = (value, args, keywords) => {
  const by = argument(args, keywords, 1, 'by') ?? 'key';
  if (by !== 'key' && by !== 'value') raise('FilterArgumentError', 'You can only sort by either "key" or "value"');
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Dict)) raise('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  const at = by === 'value' ? 1 : 0;
  const key = keyOf((pair) => (pair as Tuple)[at] as Value, argument(args, keywords, 0, 'case_sensitive'));
  return sortBy(value.items(), key, isTruthy(argument(args, keywords, 2, 'reverse') ?? false));
};

const sort: Filter = (value, args, keywords, runtime) => {
  const attribute = argument(args, keywords, 2, 'attribute') ?? null;
  const paths: (Value | undefined)[] = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = paths.map((path) => keyOf(getter(runtime, path), argument(args, keywords, 1, 'case_sensitive')));
  return sortBy(iterate(value), (item) => keys.map((key) => key(item)), isTruthy(argument(args, keywords, 0, 'reverse') ?? false));
};

const unique: Filter = (value, args, keywords, runtime) => {
  const key = keyOf(getter(runtime, argument(args, keywords, 1, 'attribute')), argument(args, keywords, 0, 'case_sensitive'));
  const seen = new PySet();
  return new Iter(
    iterate(value).filter((item) => {
      const itemKey = key(item);
      if (seen.has(itemKey)) return false;
      seen.add(itemKey);
      return true;
    }),
  );
};

const sum: Filter = (value, args, keywords, runtime) => {
  const get = getter(runtime, argument(args, keywords, 0, 'attribute'));
  const start = argument(args, keywords, 1, 'start') ?? 0;
  if (typeof start === 'string') raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  return iterate(value).reduce((total, item) => operate('+', total, get(item)), start);
};

const reverse: Filter = (value) => {
  if (typeof value === 'string') return Array.from(value).reverse().join('');
  try {
    const label = value instanceof Tuple ? 'reversed' : 'list_reverseiterator';
    return new Iter([...iterate(value)].reverse(), label);
  } catch (error) {
    if (error instanceof PyError) raise('FilterArgumentError', 'argument must be iterable');
    throw error;
  }
};

const first: Filter = (value, _args, _keywords, runtime) => {
  const item = value instanceof Iter ? value.next() : iterate(value)[0];
  return item ?? runtime.undefined(undefined, 'No first item, sequence was empty.');
};

const last: Filter = (value, _args, _keywords, runtime) => {
  if (value instanceof Iter) raise('TypeError', `'${value.label}' object is not reversible`);
  return iterate(value).at(-1) ?? runtime.undefined(undefined, 'No last item, sequence was empty.');
};

const join: Filter = (value, args, keywords, runtime) => {
  const get = getter(runtime, argument(args, keywords, 1, 'attribute'));
  const texts = iterate(value).map((item) => toText(get(item)));
  return texts.join(toText(argument(args, keywords, 0, 'd') ?? ''));
};

const items: Filter = (value) => {
  if (value instanceof Undefined) return new Iter([]);
  if (value instanceof Dict) return new Iter(value.items());
  if (value instanceof PyObject && value.isMapping())
    return new Iter((value.iterate() ?? []).map((key) => toTuple([key, value.item(key) ?? null])));
  raise('TypeError', 'Can only get item pairs from a mapping.');
};

/** Filters about sequences. */
export const sequenceFilters: Filters = {
  batch,
  count: lengthOf,
  dictsort: dictSort,
  first,
  groupby: groupBy,
  items,
  join,
  last,
  length: lengthOf,
  list: (value) => [...iterate(value)],
  map: (value, args, keywords, runtime) => {
    if (!isTruthy(value)) return new Iter([]);
    return new Iter(iterate(value).map(mapper(args, keywords, runtime)));
  },
  max: extreme(-1),
  min: extreme(1),
  random: (value, args, keywords, runtime) => {
    const all = iterate(value);
    return all.length > 0 ? first(all, args, keywords, runtime) : runtime.undefined(undefined, 'No random item, sequence was empty.');
  },
  reject: select(false, false),
  rejectattr: select(false, true),
  reverse,
  select: select(true, false),
  selectattr: select(true, true),
  slice: sliceColumns,
  sort,
  sum,
  unique,
};
