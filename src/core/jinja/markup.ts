import { escapeHtml, stripTags, unescapeHtml } from './html.ts';
import { stringRepr } from './repr.ts';
import type { Callable, Value } from './values.ts';
import { PyObject } from './values.ts';

/** MarkupSafe's `Markup`: a string that is safe in HTML as it stands; `plain` answers what it has in common with other strings. */
export class Markup extends PyObject {
  constructor(
    readonly value: string,
    private readonly plain: (text: string, name: string) => Value | undefined,
  ) {
    super();
  }

  override get typeName(): string {
    return 'Markup';
  }

  override text(): string {
    return this.value;
  }

  override repr(): string {
    return `Markup(${stringRepr(this.value)})`;
  }

  override iterate(): Value[] {
    return Array.from(this.value);
  }

  override length(): number {
    return Array.from(this.value).length;
  }

  override contains(item: Value): boolean | undefined {
    const text = textOf(item);
    return text === undefined ? undefined : this.value.includes(text);
  }

  override equals(other: Value): boolean {
    return textOf(other) === this.value;
  }

  override compare(other: Value): number | undefined {
    const text = textOf(other);
    return text === undefined ? undefined : this.value < text ? -1 : this.value > text ? 1 : 0;
  }

  override hashKey(): unknown {
    return `s${this.value}`;
  }

  override binary(operator: string, right: Value): Value | undefined {
    if (operator === '+' && typeof right === 'string') return this.with(this.value + escapeHtml(right));
    if (operator === '+' && right instanceof Markup) return this.with(this.value + right.value);
    return operator === '*' && typeof right === 'number' ? this.with(this.value.repeat(Math.max(0, right))) : undefined;
  }

  override reflected(operator: string, left: Value): Value | undefined {
    if (operator === '+' && typeof left === 'string') return this.with(escapeHtml(left) + this.value);
    return operator === '*' ? this.binary('*', left) : undefined;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'striptags') return () => stripTags(this.value);
    if (name === 'unescape') return () => unescapeHtml(this.value);
    const found = this.plain(this.value, name);
    if (typeof found !== 'function') return found;
    const method: Callable = (args, keywords) => {
      const escaped = name === 'format' ? args.map((item) => (typeof item === 'string' ? escapeHtml(item) : item)) : args;
      const made = found(escaped, keywords);
      return typeof made === 'string' ? this.with(made) : made;
    };
    return method;
  }

  with(text: string): Markup {
    return new Markup(text, this.plain);
  }
}

function textOf(value: Value): string | undefined {
  return value instanceof Markup ? value.value : typeof value === 'string' ? value : undefined;
}
