import { checkSize } from './budget.ts';
import { raise } from './errors.ts';
import { isEqual, operate } from './operations.ts';
import { isTruthy, iterate, takeSome, toIndex } from './protocols.ts';
import type { Callable, Value } from './values.ts';
import { Endless, Iter, noKeywords, PyModule, PyObject, toTuple } from './values.ts';

function invoke(callee: Value, ...args: Value[]): Value {
  if (typeof callee === 'function') return callee(args, noKeywords);
  if (callee instanceof PyObject) return callee.call(args, noKeywords);
  return raise('TypeError', 'object is not callable');
}

/** Every way to choose items, by their indices; `next` tells which index may follow those chosen. */
function choose(items: readonly Value[], size: number, candidates: (chosen: readonly number[]) => Iterable<number>): Iter {
  const found: Value[] = [];
  const extend = (chosen: readonly number[]): void => {
    if (chosen.length === size) {
      checkSize(found.push(toTuple(chosen.map((i) => items[i] as Value))));
      return;
    }
    for (const i of candidates(chosen)) extend([...chosen, i]);
  };
  extend([]);
  return new Iter(found, 'itertools.combinations');
}

function* from(start: number, end: number): Generator<number> {
  for (let i = start; i < end; i++) yield i;
}

const product: Callable = (args, keywords) => {
  const once = args.map((items) => [...iterate(items)]);
  const lists = Array.from({ length: toIndex(keywords.get('repeat') ?? 1) }, () => once).flat();
  checkSize(lists.reduce((size, list) => size * list.length, 1));
  let rows: Value[][] = [[]];
  for (const list of lists) rows = rows.flatMap((row) => list.map((item) => [...row, item]));
  return new Iter(rows.map(toTuple), 'itertools.product');
};

const islice: Callable = (args) => {
  const last = args.length === 2 ? args[1] : args[2];
  const items = last === undefined || last === null ? iterate(args[0] ?? null) : takeSome(args[0] ?? null, toIndex(last));
  const bound = (value: Value | undefined, otherwise: number): number =>
    value === undefined || value === null ? otherwise : toIndex(value);
  const [start, stop] = args.length === 2 ? [0, bound(args[1], items.length)] : [bound(args[1], 0), bound(args[2], items.length)];
  const step = bound(args[3], 1);
  return new Iter(
    items.slice(start, stop).filter((_, i) => i % step === 0),
    'itertools.islice',
  );
};

const groupby: Callable = (args, keywords) => {
  const key = args[1] ?? keywords.get('key') ?? null;
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of iterate(args[0] ?? null)) {
    const itemKey = key === null ? item : invoke(key, item);
    const last = groups.at(-1);
    if (last && isEqual(last.key, itemKey)) last.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  return new Iter(
    groups.map((group) => toTuple([group.key, new Iter(group.items, 'itertools._grouper')])),
    'itertools.groupby',
  );
};

const accumulate: Callable = (args, keywords) => {
  const by = args[1] ?? keywords.get('func') ?? null;
  const initial = keywords.get('initial') ?? null;
  const items = [...(initial === null ? [] : [initial]), ...iterate(args[0] ?? null)];
  const totals: Value[] = [];
  for (const item of items) {
    const last = totals.at(-1);
    totals.push(last === undefined ? item : by === null ? operate('+', last, item) : invoke(by, last, item));
  }
  return new Iter(totals, 'itertools.accumulate');
};

const zipLongest: Callable = (args, keywords) => {
  const lists = args.map((items) => [...iterate(items)]);
  const fill = keywords.get('fillvalue') ?? null;
  const length = Math.max(0, ...lists.map((list) => list.length));
  return new Iter(
    Array.from({ length }, (_, i) => toTuple(lists.map((list) => list[i] ?? fill))),
    'itertools.zip_longest',
  );
};

const chain: Callable = (args) =>
  new Iter(
    args.flatMap((items) => [...iterate(items)]),
    'itertools.chain',
  );

const count: Callable = (args, keywords) => {
  const start = args[0] ?? keywords.get('start') ?? 0;
  const step = args[1] ?? keywords.get('step') ?? 1;
  return new Endless((at) => operate('+', start, operate('*', step, at)), 'itertools.count');
};

const cycle: Callable = (args) => {
  const items = [...iterate(args[0] ?? null)];
  return items.length === 0 ? new Iter([], 'itertools.cycle') : new Endless((at) => items[at % items.length] as Value, 'itertools.cycle');
};

/** The items up to the first that a function refuses, and those from there on. */
function splitAt(args: readonly Value[]): readonly [Value[], Value[]] {
  const items = [...iterate(args[1] ?? null)];
  const at = items.findIndex((item) => !isTruthy(invoke(args[0] ?? null, item)));
  return at === -1 ? [items, []] : [items.slice(0, at), items.slice(at)];
}

/** `modules.itertools`. */
export function buildItertoolsModule(): PyModule {
  const sized = (args: readonly Value[]): [Value[], number] => [[...iterate(args[0] ?? null)], toIndex(args[1] ?? null)];
  return new PyModule('itertools', {
    product,
    islice,
    groupby,
    accumulate,
    zip_longest: zipLongest,
    chain: new PyModule('itertools.chain', { from_iterable: (args) => chain(iterate(args[0] ?? null), noKeywords) }, chain),
    combinations: (args) => {
      const [items, size] = sized(args);
      return choose(items, size, (chosen) => from((chosen.at(-1) ?? -1) + 1, items.length));
    },
    combinations_with_replacement: (args) => {
      const [items, size] = sized(args);
      return choose(items, size, (chosen) => from(chosen.at(-1) ?? 0, items.length));
    },
    permutations: (args) => {
      const items = [...iterate(args[0] ?? null)];
      const size = args[1] === undefined || args[1] === null ? items.length : toIndex(args[1]);
      return choose(items, size, (chosen) => [...from(0, items.length)].filter((i) => !chosen.includes(i)));
    },
    repeat: (args, keywords) => {
      const times = args[1] ?? keywords.get('times');
      if (times === undefined) return new Endless(() => args[0] ?? null, 'itertools.repeat');
      const length = toIndex(times);
      checkSize(length);
      return new Iter(
        Array.from({ length }, () => args[0] ?? null),
        'itertools.repeat',
      );
    },
    count,
    cycle,
    tee: (args) => {
      const items = [...iterate(args[0] ?? null)];
      return toTuple(Array.from({ length: args[1] === undefined ? 2 : toIndex(args[1]) }, () => new Iter(items, 'itertools._tee')));
    },
    takewhile: (args) => new Iter(splitAt(args)[0], 'itertools.takewhile'),
    dropwhile: (args) => new Iter(splitAt(args)[1], 'itertools.dropwhile'),
    filterfalse: (args) =>
      new Iter(
        iterate(args[1] ?? null).filter((item) => !isTruthy(args[0] === null || args[0] === undefined ? item : invoke(args[0], item))),
        'itertools.filterfalse',
      ),
    compress: (args) => {
      const keeps = [...iterate(args[1] ?? null)];
      return new Iter(
        iterate(args[0] ?? null).filter((_, i) => isTruthy(keeps[i] ?? null)),
        'itertools.compress',
      );
    },
    starmap: (args) =>
      new Iter(
        iterate(args[1] ?? null).map((item) => invoke(args[0] ?? null, ...iterate(item))),
        'itertools.starmap',
      ),
    pairwise: (args) => {
      const items = [...iterate(args[0] ?? null)];
      return new Iter(
        items.slice(1).map((item, i) => toTuple([items[i] as Value, item])),
        'itertools.pairwise',
      );
    },
  });
}
