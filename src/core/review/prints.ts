/** What a print was made of, so that two that differ can be told apart in words. */
export interface PrintNode {
  readonly kind: string;
  /** What it is made from: other prints. */
  readonly parts: readonly string[];
  /** The SQL that it was read from. */
  readonly text: string;
}

const mostPrints = 200_000;

/**
 * Prints: names for what pieces of SQL mean. Two pieces that mean the same by the rules of this room have the same print, whatever they are called and
 * wherever they stand. A print is a short name, because what is read twice would otherwise be written twice, and so on.
 */
export class Prints {
  readonly #names = new Map<string, string>();
  readonly #nodes = new Map<string, PrintNode>();

  /** The print of something made of others; their order counts. */
  of(kind: string, parts: readonly string[], text = ''): string {
    const key = `${kind}\u0000${parts.join('\u0000')}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    if (this.#names.size >= mostPrints) throw new RangeError('too much to compare');
    const name = `#${this.#names.size}`;
    this.#names.set(key, name);
    this.#nodes.set(name, { kind, parts, text });
    return name;
  }

  /** The print of something whose parts may stand in any order, each counted as often as it is there. */
  ofBag(kind: string, parts: readonly string[], text = ''): string {
    return this.of(kind, [...parts].sort(), text);
  }

  /** The print of something whose parts may stand in any order, each once. */
  ofSet(kind: string, parts: readonly string[], text = ''): string {
    return this.of(kind, [...new Set(parts)].sort(), text);
  }

  node(print: string): PrintNode | undefined {
    return this.#nodes.get(print);
  }

  textOf(print: string): string {
    return this.#nodes.get(print)?.text ?? '';
  }
}

/** The rows and columns of a relation, as prints. */
export interface RelationPrint {
  readonly rows: string;
  readonly columns: readonly ColumnPrint[];
  /** Whether it has columns beside these, which are found by name. */
  readonly isOpen: boolean;
}

/** A column by its name in lower case. */
export interface ColumnPrint {
  readonly name: string;
  readonly print: string;
}
