import { raise } from './errors.ts';
import { isEqual } from './operations.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Value } from './values.ts';
import { PyObject } from './values.ts';

/** The `loop` variable of a `for`. */
export class Loop extends PyObject {
  index = 0;
  #last: readonly Value[] | undefined;

  constructor(
    readonly items: readonly Value[],
    readonly depth: number,
    readonly runtime: Runtime,
    /** Runs the loop's body over other items: what calling `loop` does in a recursive loop. */
    readonly recurse?: (items: Value) => string,
  ) {
    super();
  }

  override get typeName(): string {
    return 'jinja2.runtime.LoopContext';
  }

  override repr(): string {
    return `<LoopContext ${this.index + 1}/${this.items.length}>`;
  }

  override length(): number {
    return this.items.length;
  }

  override isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], _keywords: Keywords): Value {
    if (!this.recurse) raise('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
    return this.recurse(args[0] ?? null);
  }

  override attribute(name: string): Value | undefined {
    const { index, items, runtime } = this;
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'revindex':
        return items.length - index;
      case 'revindex0':
        return items.length - index - 1;
      case 'first':
        return index === 0;
      case 'last':
        return index === items.length - 1;
      case 'length':
        return items.length;
      case 'depth':
        return this.depth;
      case 'depth0':
        return this.depth - 1;
      case 'previtem':
        return index > 0 ? items[index - 1] : runtime.undefined(undefined, 'there is no previous item');
      case 'nextitem':
        return index < items.length - 1 ? items[index + 1] : runtime.undefined(undefined, 'there is no next item');
      case 'cycle':
        return (args) => {
          if (args.length === 0) raise('TypeError', 'no items for cycling given');
          return args[this.index % args.length] ?? null;
        };
      case 'changed':
        return (args) => {
          const last = this.#last;
          this.#last = args;
          return !last || !isEqual([...last], [...args]);
        };
      default:
        return undefined;
    }
  }
}
