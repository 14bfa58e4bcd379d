import { sequenceFilters } from './filters-sequence.ts';
import { textFilters } from './filters-text.ts';
import { valueFilters } from './filters-value.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Value } from './values.ts';

/** A filter or a test: the value before the bar, then the arguments. */
export type Filter = (value: Value, args: readonly Value[], keywords: Keywords, runtime: Runtime) => Value;
export type Filters = Readonly<Record<string, Filter>>;

/** Every filter of Jinja 3.1, and those that dbt adds. */
export const filters: ReadonlyMap<string, Filter> = new Map(Object.entries({ ...textFilters, ...sequenceFilters, ...valueFilters }));
