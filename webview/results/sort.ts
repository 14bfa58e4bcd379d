import type { ResultView, SortBy } from '../../src/protocol.ts';

/** Ascending, then descending, then as the query gave it. */
export function nextSort(sort: ResultView['sort'], column: number): SortBy | undefined {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}
