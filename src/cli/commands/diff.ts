import { diffSnapshots } from '../../core/dbt/state.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { readBaseline } from '../baseline.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

export const diffCommand: Command = {
  name: 'diff',
  summary: 'Say what changed since a git revision, and what that reaches.',
  usage: 'headwater diff [--project DIR] --base REV [--select S] [--json]',
  options: [...selectionOptions, { name: 'base', value: 'REV', summary: 'the git revision to compare with, such as main or HEAD~1' }],
  async run(invocation) {
    const base = invocation.option('base');
    if (base === undefined) throw new UsageError("'headwater diff' wants --base REV, such as --base main.");
    const opened = await openProject(invocation);
    const before = readBaseline(opened, base);
    const diff = diffSnapshots(before, opened.snapshot);
    const wanted = invocation.option('select') === undefined ? undefined : new Set(await selectIds(opened, invocation));
    const keep = (id: NodeId) => wanted === undefined || wanted.has(id);
    const changed = [...diff.added, ...diff.modified.keys()];
    const own = new Set(changed);
    const reached = new Set(changed.flatMap((id) => [...opened.snapshot.graph.descendants(id)]).filter((id) => !own.has(id)));
    const answer = {
      version: 1,
      base,
      added: diff.added.filter(keep),
      removed: diff.removed,
      modified: [...diff.modified].flatMap(([id, aspects]) => (keep(id) ? [{ id, because: [...aspects].sort() }] : [])),
      columns: diff.columns.filter((change) => keep(change.node)),
      reaches: [...reached].filter(keep).sort(),
    };
    if (invocation.flag('json')) invocation.print(`${JSON.stringify(answer)}\n`);
    else {
      for (const id of answer.added) invocation.print(`+ ${id}\n`);
      for (const id of answer.removed) invocation.print(`- ${id}\n`);
      for (const { id, because } of answer.modified) invocation.print(`~ ${id} (${because.join(', ')})\n`);
      for (const { node, name, change, from, to } of answer.columns)
        invocation.print(`  ${node}.${name}: ${change === 'type' ? `${from || 'unknown'} → ${to || 'unknown'}` : change}\n`);
      invocation.say(
        `${answer.added.length} added, ${answer.removed.length} removed, ${answer.modified.length} modified; they reach ${answer.reaches.length} more nodes.`,
      );
    }
    return exitCodes.fine;
  },
};
