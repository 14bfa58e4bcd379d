import type { KnownTable } from './table.ts';

/** The tables that CTEs define, innermost first. */
export class CteScope {
  readonly tables = new Map<string, KnownTable>();

  constructor(readonly parent?: CteScope) {}

  find(name: string): KnownTable | undefined {
    return this.tables.get(name.toLowerCase()) ?? this.parent?.find(name);
  }
}
