import type { Batch } from '../project/headwater-file.ts';
import { toHash } from '../text/hash.ts';
import { formatMoment, parseMoment } from '../translate/runtime/calendar.ts';

/** One run of the project over the data of a batch, after the runs before it: what incremental models and snapshots build on. */
export interface Run {
  /** Equal for runs that give the same tables from the same files. */
  readonly key: string;
  /** The place of its batch in the project's list; 0 where the project lists none. */
  readonly batch: number;
  readonly name: string;
  /** The moment of CURRENT_DATE and NOW, `YYYY-MM-DD HH:MM:SS` in UTC. */
  readonly now: string;
  readonly fullRefresh: boolean;
  readonly previous?: Run;
}

/** Which state of the data is looked at, and how incremental models are built. */
export interface RunChoice {
  /** The name of a batch, or `all` for the last one; the first one when absent. */
  readonly batch?: string;
  /** `full` builds incremental models anew, `increment` runs them once more on top of what they hold. */
  readonly build?: 'full' | 'increment';
}

/** The place of a batch by its name, case ignored; `all` is the last one, unless a batch has that name. */
export function findBatch(batches: readonly Batch[], name: string): number | undefined {
  const wanted = name.trim().toLowerCase();
  const at = batches.findIndex((batch) => batch.name.toLowerCase() === wanted);
  if (at !== -1) return at;
  return wanted === 'all' ? Math.max(0, batches.length - 1) : undefined;
}

/**
 * The runs that lead to a state of the data, the last of them: one for each batch in order, and one more over the same data where an
 * increment is asked for that no batch brings. A run happens when its batch says, else a day before the one after it.
 */
export function planRun(batches: readonly Batch[], choice: RunChoice, now: string): Run {
  const last = choice.batch === undefined ? 0 : (findBatch(batches, choice.batch) ?? 0);
  const steps = Array.from({ length: last + 1 }, (_, batch) => ({ batch, at: batches[batch]?.at }));
  if (choice.build === 'increment' && last === 0) steps.unshift({ batch: 0, at: undefined });
  const moments: string[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const after = moments[0];
    moments.unshift(steps[i]?.at ?? (after === undefined ? now : dayBefore(after)));
  }
  const run = steps.reduce<Run | undefined>((previous, { batch }, i) => {
    const moment = moments[i] ?? now;
    const fullRefresh = choice.build === 'full' && i === steps.length - 1;
    const name = batches[batch]?.name ?? '';
    const key = toHash([previous?.key ?? '', batch, name, moment, fullRefresh].join('\n'));
    return { key, batch, name, now: moment, fullRefresh, ...(previous === undefined ? {} : { previous }) };
  }, undefined);
  if (run === undefined) throw new Error('a plan of no runs');
  return run;
}

function dayBefore(moment: string): string {
  const parsed = parseMoment(moment, true);
  return parsed === undefined ? moment : formatMoment({ ...parsed, days: parsed.days - 1 });
}
