import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { knownKeys } from './grain-answer.ts';
import { grainOf, type ProjectGrain } from './project-grain.ts';
import type { Proof, RowKey } from './row-key.ts';

/** The grain of a relation in words. */
export interface GrainWords {
  /** `One row per order_id`. */
  readonly text: string;
  readonly how: 'proved' | 'proved from declared keys' | 'declared';
  /** Other sets of columns that tell rows apart. */
  readonly others: readonly string[];
  readonly because: readonly Proof[];
}

/** How many texts may be read for a sentence that nobody waits for; whoever checks a file reads them all. */
const textsInPassing = 40;

/** The grain of a relation; undefined where nothing is known, or too much would have to be read to know it. */
export function grainWordsOf(snapshot: Snapshot, id: NodeId): GrainWords | undefined {
  const grain = grainOf(snapshot);
  if (!grain.isNear(id, textsInPassing)) return undefined;
  return toGrainWords(knownKeys(grain, id), grain.provedOf(id));
}

/** The grain that follows from keys, of which `proved` follow from the SQL. */
export function toGrainWords(keys: readonly RowKey[], proved: readonly RowKey[] = keys): GrainWords | undefined {
  const [key, ...others] = keys;
  if (key === undefined) return undefined;
  const isProved = proved.some(
    (one) => one.columns.length === key.columns.length && one.columns.every((name) => key.columns.includes(name)),
  );
  return {
    text:
      key.columns.length === 0 ? 'At most one row' : `One row per ${key.columns.join(', ')}${key.nulls === 'many' ? ', NULL apart' : ''}`,
    how: !isProved ? 'declared' : key.isDeclared ? 'proved from declared keys' : 'proved',
    others: others.map(({ columns }) => columns.join(', ')).slice(0, 3),
    because: key.because,
  };
}

/** The grain of a project whose keys can be told for a text at little cost; undefined where much would have to be read first. */
export function nearGrain(snapshot: Snapshot, id: NodeId): ProjectGrain | undefined {
  const grain = grainOf(snapshot);
  return grain.isNear(id, textsInPassing) ? grain : undefined;
}
