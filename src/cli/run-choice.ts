import { findBatch, type RunChoice } from '../core/engine/runs.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { withNearest } from '../core/text/nearest.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';

/** Which state of the data a command looks at. */
export const batchOption: OptionSpec = {
  name: 'batch',
  value: 'NAME',
  summary: "after the run over that batch of headwater.yml, 'all' for the last (default: the first)",
};

/** Builds incremental models anew. */
export const fullRefreshOption: OptionSpec = { name: 'full-refresh', summary: 'build incremental models in full, whatever was there' };

/** Runs incremental models once more over the same data. */
export const incrementOption: OptionSpec = { name: 'increment', summary: 'run incremental models on top of what the run before left' };

/** The state of the data that the options name; a batch that the project does not list is an error of usage. */
export function readChoice(invocation: Invocation, { headwater }: Snapshot): RunChoice {
  const full = invocation.flag('full-refresh');
  const increment = invocation.flag('increment');
  if (full && increment) throw new UsageError("'--full-refresh' and '--increment' exclude each other.");
  const batch = invocation.option('batch');
  if (batch !== undefined && findBatch(headwater.batches, batch) === undefined) {
    const names = headwater.batches.map((one) => one.name);
    if (names.length === 0) throw new UsageError(`There is no batch '${batch}': headwater.yml lists none under 'batches'.`);
    throw new UsageError(
      withNearest(`There is no batch '${batch}'; there are ${names.map((name) => `'${name}'`).join(', ')}.`, batch, names),
    );
  }
  return { ...(batch === undefined ? {} : { batch }), ...(full ? { build: 'full' } : increment ? { build: 'increment' } : {}) };
}
