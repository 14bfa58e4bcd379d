import { readPortable } from './read.ts';
import { Writer } from './write.ts';

/** DuckDB's SQL for a statement in the portable SQL of the emitters, its values marked with where they lie. */
export function toDuckDb(portable: string): string {
  return new Writer().query(readPortable(portable));
}
