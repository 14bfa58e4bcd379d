import { BudgetError } from './budget.ts';

type Part =
  /** One character, or a place between characters: its expression is asked at a position. */
  | { readonly kind: 'atom'; readonly at: RegExp }
  | { readonly kind: 'group'; readonly index?: number; readonly options: readonly (readonly Part[])[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'ahead'; readonly wanted: boolean; readonly options: readonly (readonly Part[])[] }
  | { readonly kind: 'back'; readonly index: number };

/** How many steps the patterns of one rendering may still take where they go back and forth. */
export interface Allowance {
  steps: number;
}

const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
const atom = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/uy;
const lookaround = /\(\?<?[=!]/y;

/**
 * Matches a pattern as JavaScript does, in counted steps: the engine's own matching cannot be stopped, and a pattern such as `(a+)+b`
 * takes longer than the world exists. Slower where the engine is fast, so it is used for patterns that may run away only.
 */
export class RegexMatcher {
  readonly #options: readonly (readonly Part[])[];
  readonly #names = new Map<string, number>();
  #at = 0;
  #groups = 0;

  constructor(
    readonly source: string,
    readonly flags: string,
    readonly allowance: Allowance,
  ) {
    this.#options = this.#readOptions();
  }

  #readOptions(): readonly (readonly Part[])[] {
    const options: Part[][] = [[]];
    while (this.#at < this.source.length && this.source[this.#at] !== ')') {
      if (this.source[this.#at] === '|') {
        options.push([]);
        this.#at++;
      } else options.at(-1)?.push(this.#readRepeated());
    }
    return options;
  }

  #readRepeated(): Part {
    const part = this.#readPart();
    const match = this.#take(quantifier);
    if (match === undefined) return part;
    const [text] = match;
    const lazy = text.length > 1 && text.endsWith('?');
    const most = match[2] === undefined ? match[1] : match[3] || 'Infinity';
    const [min, max] =
      match[1] !== undefined ? [Number(match[1]), Number(most)] : [text[0] === '+' ? 1 : 0, text[0] === '?' ? 1 : Number.POSITIVE_INFINITY];
    return { kind: 'repeat', part, min, max, lazy };
  }

  #readPart(): Part {
    const start = this.#at;
    const look = this.#take(lookaround)?.[0];
    if (look !== undefined) {
      const options = this.#readOptions();
      this.#at++;
      if (!look.includes('<')) return { kind: 'ahead', wanted: look.endsWith('='), options };
      // What looks back is left to the engine, where it is harmless.
      if (mayRunAway(this.source.slice(start + look.length, this.#at - 1), 1000)) this.#stop();
      return this.#atomOf(this.source.slice(start, this.#at));
    }
    if (this.source[start] === '(') {
      const named = this.#take(/\(\?<(\w+)>/y);
      const plain = named === undefined && this.#take(/\(\?:/y) !== undefined;
      if (named === undefined && !plain) this.#at++;
      const index = plain ? undefined : ++this.#groups;
      if (named?.[1] !== undefined && index !== undefined) this.#names.set(named[1], index);
      const options = this.#readOptions();
      this.#at++;
      return { kind: 'group', ...(index === undefined ? {} : { index }), options };
    }
    const back = this.#take(/\\(?:([1-9]\d?)|k<(\w+)>)/y);
    if (back !== undefined) return { kind: 'back', index: back[1] === undefined ? (this.#names.get(back[2] ?? '') ?? 0) : Number(back[1]) };
    return this.#atomOf(this.#take(atom)?.[0] ?? '');
  }

  #stop(): never {
    throw new BudgetError(`The pattern ${this.source.slice(0, 60)} went back and forth for too long and was stopped.`);
  }

  #atomOf(source: string): Part {
    return { kind: 'atom', at: new RegExp(source, `${this.flags}y`) };
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.source);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  /** The first match at or after a place, or only at it; null where there is none. */
  exec(text: string, from: number, only: boolean): RegExpMatchArray | null {
    for (let start = from; start <= text.length; start++) {
      const groups: ([number, number] | undefined)[] = [];
      let end = -1;
      const isMatch = this.#attempt(text, groups, start, (at) => {
        end = at;
        return true;
      });
      if (isMatch) return this.#toMatch(text, start, end, groups);
      if (only) return null;
    }
    return null;
  }

  /** A text that repeats a group too often for the stack is stopped like one that takes too many steps. */
  #attempt(text: string, groups: ([number, number] | undefined)[], start: number, then: (at: number) => boolean): boolean {
    try {
      return this.#group(text, groups, this.#options, start, then);
    } catch (error) {
      if (error instanceof RangeError) this.#stop();
      throw error;
    }
  }

  #toMatch(text: string, start: number, end: number, groups: readonly ([number, number] | undefined)[]): RegExpMatchArray {
    const at = (index: number): string | undefined => {
      const range = groups[index];
      return range === undefined ? undefined : text.slice(...range);
    };
    const all = [text.slice(start, end), ...Array.from({ length: this.#groups }, (_, i) => at(i + 1))] as RegExpMatchArray;
    all.index = start;
    all.input = text;
    if (this.#names.size > 0) all.groups = Object.fromEntries(Array.from(this.#names, ([name, index]) => [name, at(index) as string]));
    return all;
  }

  #group(
    text: string,
    groups: ([number, number] | undefined)[],
    options: readonly (readonly Part[])[],
    start: number,
    then: (at: number) => boolean,
  ): boolean {
    const sequence = (parts: readonly Part[], i: number, at: number, next: (at: number) => boolean): boolean => {
      if (--this.allowance.steps < 0) this.#stop();
      const part = parts[i];
      if (part === undefined) return next(at);
      const rest = (end: number): boolean => sequence(parts, i + 1, end, next);
      if (part.kind === 'repeat') return repeated(part, at, rest);
      return one(part, at, rest);
    };
    const one = (part: Part, at: number, next: (at: number) => boolean): boolean => {
      if (part.kind === 'atom') {
        const end = endOf(part.at, at);
        return end >= 0 && next(end);
      }
      if (part.kind === 'back') {
        const range = groups[part.index];
        const same = range === undefined ? '' : text.slice(...range);
        return text.startsWith(same, at) && next(at + same.length);
      }
      if (part.kind === 'repeat') return repeated(part, at, next);
      if (part.kind === 'ahead') return part.options.some((option) => sequence(option, 0, at, () => true)) === part.wanted && next(at);
      const { index } = part;
      return part.options.some((option) =>
        sequence(option, 0, at, (end) => {
          if (index === undefined) return next(end);
          const before = groups[index];
          groups[index] = [at, end];
          if (next(end)) return true;
          groups[index] = before;
          return false;
        }),
      );
    };
    const endOf = (expression: RegExp, at: number): number => {
      this.allowance.steps--;
      expression.lastIndex = at;
      return expression.test(text) ? expression.lastIndex : -1;
    };
    const repeated = (part: Part & { kind: 'repeat' }, at: number, next: (at: number) => boolean): boolean => {
      const inner = part.part;
      // Single characters are counted in a loop: a long text must not become a deep stack.
      if (inner.kind === 'atom' && !part.lazy) {
        const ends = [at];
        for (let end = endOf(inner.at, at); end > (ends.at(-1) ?? at) && ends.length <= part.max; end = endOf(inner.at, end))
          ends.push(end);
        const least = inner.at.source.startsWith('(') ? 0 : part.min;
        for (let count = ends.length - 1; count >= least; count--) if (next(ends[count] ?? at)) return true;
        return false;
      }
      const round = (count: number, from: number): boolean => {
        const more = (): boolean =>
          count < part.max && one(inner, from, (end) => (end === from && count >= part.min ? false : round(count + 1, end)));
        const enough = (): boolean => count >= part.min && next(from);
        if (--this.allowance.steps < 0) this.#stop();
        return part.lazy ? enough() || more() : more() || enough();
      };
      return round(0, at);
    };
    return options.some((option) => sequence(option, 0, start, then));
  }
}

/** Whether a pattern may take very many steps on a text: something unbounded within something unbounded, or several of them on a long text. */
export function mayRunAway(source: string, length: number): boolean {
  const bare = source.replace(/\\(?:[pPu]\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]/g, 'x');
  const unbounded = /[*+]|\{\d+,(?:\d{2,})?\}|\{\d{2,}\}/g;
  const open: boolean[] = [];
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] === '(') open.push(false);
    else if (bare[at] === '|' || /[*+{]/.test(bare[at] ?? '')) open.fill(true);
    else if (bare[at] === ')' && open.pop() === true && /^(?:[*+]|\{\d+,(?:\d{2,})?\}|\{\d{2,}\})/.test(bare.slice(at + 1))) return true;
  }
  const count = bare.match(unbounded)?.length ?? 0;
  return count >= 2 && length ** count > 1e7;
}
