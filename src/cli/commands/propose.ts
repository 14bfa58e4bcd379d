import { lstatSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Proposal, proposeTests } from '../../core/checks/propose.ts';
import { buildUnitTest } from '../../core/checks/skeleton.ts';
import { propertiesPathOf, sectionOf, writeTests } from '../../core/checks/write-tests.ts';
import { findInside } from '../../disk/confined.ts';
import { type Command, exitCodes, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';

/** `headwater propose`: tests that the data at hand speak for, printed or written into the properties files. */
export const proposeCommand: Command = {
  name: 'propose',
  summary: 'Propose tests from what the data show, and write them on request.',
  usage: 'headwater propose [--project DIR] [--select S] [--write] [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    { name: 'write', summary: 'write them into the properties files' },
    {
      name: 'unit-test',
      value: 'N',
      summary: 'print a unit test of each model instead: N rows of what it reads, and what it makes of them',
    },
  ],
  async run(invocation) {
    const opened = await openProject(invocation);
    const ids = await selectIds(opened, invocation);
    const session = await openSession(opened);
    const each = invocation.option('unit-test');
    if (each !== undefined) {
      if (!/^\d+$/.test(each)) throw new UsageError(`'--unit-test' needs a number of rows, not '${each}'.`);
      for (const id of ids) {
        const node = opened.snapshot.nodes.get(id);
        if (node?.kind !== 'model') continue;
        const built = await buildUnitTest(session, opened.snapshot, node, Number(each));
        if ('yaml' in built) invocation.print(built.yaml);
        else invocation.say(`${node.name}: ${built.problem}`);
      }
      return exitCodes.fine;
    }
    const found: (Proposal & { readonly node: string })[] = [];
    for (const id of ids) {
      const node = opened.snapshot.nodes.get(id);
      const section = node === undefined ? undefined : sectionOf(node);
      if (node === undefined || section === undefined || node.package !== opened.snapshot.project.name) continue;
      const proposals = await proposeTests(session, opened.snapshot, id);
      if ('code' in proposals) {
        invocation.say(`${node.name}: ${proposals.message}`);
        continue;
      }
      found.push(...proposals.map((proposal) => ({ node: id, ...proposal })));
      if (!invocation.flag('write') || proposals.length === 0) continue;
      const path = propertiesPathOf(node);
      const file = join(opened.root, path);
      // Nothing is written where a link leads: the project says where its files lie.
      if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false || findInside(opened.root, dirname(file)) === undefined) {
        invocation.say(`${path} is a link or leads outside the project: nothing is written there.`);
        continue;
      }
      const written = writeTests(await readFile(file, 'utf8').catch(() => ''), { section, name: node.name }, proposals);
      if (written === undefined) invocation.say(`${path} is no YAML that tests can be added to.`);
      else {
        await writeFile(file, written);
        invocation.say(`${path}: ${proposals.length} tests for ${node.name}`);
      }
    }
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, proposals: found })}\n`);
    else for (const { node, column, name, because } of found) invocation.print(`${node} ${column}: ${name} (${because})\n`);
    return exitCodes.fine;
  },
};
