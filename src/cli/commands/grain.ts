import { measurePreview } from '../../core/erd/measure-preview.ts';
import { type Grain, grainsOf } from '../../core/keys/grain-answer.ts';
import { ProjectGrain } from '../../core/keys/project-grain.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';

/** `headwater grain`: what one row of each relation and CTE stands for. */
export const grainCommand: Command = {
  name: 'grain',
  summary: 'Print the columns that tell the rows of models and CTEs apart, with the proof.',
  usage: 'headwater grain [--project DIR] [--select S] [--no-data] [--json]',
  options: [timeoutOption, ...selectionOptions, { name: 'no-data', summary: 'prove only, and count no rows' }],
  async run(invocation) {
    const opened = await openProject(invocation);
    const ids = await selectIds(opened, invocation);
    const grain = new ProjectGrain(opened.snapshot);
    const measure = invocation.flag('no-data') ? undefined : measurePreview(opened.snapshot, await openSession(opened));
    const grains: Grain[] = [];
    for (const id of ids) grains.push(...(await grainsOf(grain, id, measure)));
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, grains })}\n`);
    else for (const one of grains) invocation.print(`${toText(one)}\n`);
    return ids.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

function toText({ node, cte, keys, because, broken }: Grain): string {
  const name = cte === undefined ? node : `${node} / ${cte}`;
  const what =
    keys.length === 0 ? 'not known' : keys.map((key) => (key.length === 0 ? 'one row' : `one row per ${key.join(', ')}`)).join('; or ');
  const wrong = broken === undefined ? '' : `\n    not a key over this data: ${broken.map((key) => key.join(', ')).join('; ')}`;
  const proofs = because.map(
    ({ text, path, line }) => `\n    ${text}${path === undefined ? '' : ` (${path}${line === undefined ? '' : `:${line}`})`}`,
  );
  return `${name}: ${what}${wrong}${proofs.join('')}`;
}
