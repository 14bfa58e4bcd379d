import type { KnownTable } from './table.ts';

/** The tables that CTEs define, innermost first. */
export class CteScope {
  readonly tables = new Map<string, KnownTable>();
  /** What WITH says of them, in order. */
  readonly written: string[] = [];

  constructor(readonly parent?: CteScope) {}

  find(name: string): KnownTable | undefined {
    return this.tables.get(name.toLowerCase()) ?? this.parent?.find(name);
  }

  /** The WITH clause under which a query of its own sees all of them. */
  definitions(): string {
    const all: string[] = [];
    for (let scope: CteScope | undefined = this; scope !== undefined; scope = scope.parent) all.unshift(...scope.written);
    return all.length === 0 ? '' : `with recursive ${all.join(', ')} `;
  }
}
