import { buildDict } from './collection-methods.ts';
import { raise } from './errors.ts';
import { toIndex } from './protocols.ts';
import type { Callable, Value } from './values.ts';
import { Namespace, PyObject, Range } from './values.ts';

class Cycler extends PyObject {
  #at = 0;

  constructor(readonly items: readonly Value[]) {
    super();
  }

  override attribute(name: string): Value | undefined {
    const current = this.items[this.#at % this.items.length] ?? null;
    if (name === 'current') return current;
    if (name === 'reset')
      return () => {
        this.#at = 0;
        return null;
      };
    if (name !== 'next') return undefined;
    return () => {
      const item = this.items[this.#at % this.items.length] ?? null;
      this.#at++;
      return item;
    };
  }
}

const range: Callable = (args) => {
  if (args.length === 0) raise('TypeError', 'range expected at least 1 argument, got 0');
  const [first = 0, second, step = 1] = args.map((value) => toIndex(value));
  return second === undefined ? new Range(0, first, 1) : new Range(first, second, step);
};

const namespace: Callable = (args, keywords) => {
  const space = new Namespace();
  for (const [key, value] of buildDict(args, keywords).entries()) space.values.set(key, value);
  return space;
};

const joiner: Callable = (args, keywords) => {
  let used = false;
  const separator = args[0] ?? keywords.get('sep') ?? ', ';
  return () => {
    if (used) return separator;
    used = true;
    return '';
  };
};

/** The names that every Jinja template sees. */
export const jinjaGlobals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', range],
  ['dict', buildDict],
  ['namespace', namespace],
  ['joiner', joiner],
  ['lipsum', () => raise('RandomError', 'lipsum() gives another text each time, so what it gives cannot be told')],
  ['cycler', (args: readonly Value[]) => new Cycler(args)],
]);
