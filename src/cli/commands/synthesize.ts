import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Made } from '../../core/worlds/make-world.ts';
import { reachedBranches } from '../../core/worlds/reached.ts';
import { defaultMoment, worldsFolder } from '../../core/worlds/world-file.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { checkEngineOption, readCheckEngine, timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { allow } from '../supervised.ts';
import { Synthesis } from '../synthesis.ts';
import { folderOfWorld } from '../worlds.ts';

/** How often the rows are made again for models that have none yet: fewer times for large projects, which are built each time. */
function repairsFor(models: number): number {
  return models > 400 ? 2 : models > 150 ? 4 : 8;
}

/** `headwater synthesize`: rows for sources that have none, made from what types, tests and SQL say of them. */
export const synthesizeCommand: Command = {
  name: 'synthesize',
  summary: 'Make rows for sources without data, so that models have rows and tests run.',
  usage: 'headwater synthesize [--project DIR] [--select S] [--rows N] [--seed N] [--adverse] --out WORLD',
  options: [
    timeoutOption,
    ...selectionOptions,
    { name: 'rows', value: 'N', summary: 'rows of each table (default: 100)' },
    { name: 'seed', value: 'N', summary: 'another number makes other rows (default: 1)' },
    { name: 'adverse', summary: 'add NULLs, zeros and values that nobody expects where nothing forbids them' },
    { name: 'out', value: 'WORLD', summary: `the world's name, kept in ${worldsFolder}, or a folder` },
    checkEngineOption,
  ],
  async run(invocation) {
    const out = invocation.option('out');
    if (out === undefined) throw new UsageError("'headwater synthesize' needs --out WORLD.");
    const [rows, seed] = [readNumber(invocation, 'rows', 100, 100_000), readNumber(invocation, 'seed', 1, 2 ** 31)];
    const opened = await openProject(invocation);
    if (invocation.option('work') === undefined) allow(60 + opened.snapshot.nodes.size * 0.1, 'Making a world');
    const ids = new Set(await selectIds(opened, invocation));
    const name = out.replace(/^.*[\\/]/, '') || 'world';
    const options = { rows, seed, now: Date.parse(defaultMoment), isAdverse: invocation.flag('adverse') };
    const work = new Synthesis(opened, ids, name, options, readCheckEngine(invocation));
    let [made, built] = await work.first();
    let best = built.withRows;
    for (let round = 0; round < repairsFor(built.models); round++) {
      const next = await work.repair(made, built, true);
      if (next === undefined) break;
      const isBetter = next[1].withRows > best || next[1].failures.length < built.failures.length;
      best = Math.max(best, next[1].withRows);
      [made, built] = next;
      if (!isBetter && round > 2) break;
    }
    [made, built] = await work.last();
    const tested = built.models > 400 ? undefined : await work.repair(made, built, false);
    if (tested !== undefined && tested[1].passed + tested[1].withRows >= built.passed + built.withRows) [made, built] = tested;
    const branches = await reachedBranches(built.snapshot, built.ask);
    write(folderOfWorld(opened.root, out), out, made);
    const answer = {
      version: 1,
      world: name,
      tables: made.world.tables.map(({ node, rows: count, constraints }) => ({ node, rows: count, constraints })),
      reached: {
        models: { all: built.models, withRows: built.withRows },
        tests: { all: built.tests, passed: built.passed },
        branches: { all: branches.all, reached: branches.reached },
      },
      shortfalls: built.shortfalls,
    };
    if (invocation.flag('json')) invocation.print(`${JSON.stringify(answer)}\n`);
    else {
      for (const table of answer.tables)
        invocation.print(
          `${table.node}: ${table.rows} rows, ${table.constraints.filter((one) => one.met).length} of ${table.constraints.length} constraints met\n`,
        );
      for (const one of answer.shortfalls) invocation.print(`  ${one}\n`);
      invocation.print(
        `${built.withRows} of ${built.models} models have rows, ${built.passed} of ${built.tests} tests pass, ${branches.reached} of ${branches.all} branches are reached.\n`,
      );
    }
    return ids.size === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

function readNumber(invocation: Invocation, option: string, otherwise: number, most: number): number {
  const written = invocation.option(option);
  const value = written === undefined ? otherwise : Number(written);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new UsageError(`'--${option}' needs a whole number up to ${most}, not '${written}'.`);
  return value;
}

function write(folder: string, out: string, made: Made): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(made.files)) writeFileSync(join(folder, path.slice(path.lastIndexOf('/') + 1)), content);
  // Worlds are made again from a seed: a repository takes one only where somebody wants it to.
  if (!/[\\/]/.test(out)) writeFileSync(join(dirname(dirname(folder)), '.gitignore'), '*\n', { flag: 'w' });
}
