import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { commands } from '../../src/cli/commands.ts';

// The commands run from their sources here, where no binary file lies beside them.
vi.mock('../../src/disk/asset.ts', () => ({
  readAsset: async (_: string, name: string) => readFileSync(join('node_modules/sql.js/dist', name)),
}));

const folder = join(import.meta.dirname, 'projects');

/** What every project is asked; a file `commands.txt` beside it asks for more. */
const usual = ['list', 'graph', 'compile --select *', 'check'];

test.each(readdirSync(folder))('the command line says of the project %s what was reviewed', async (name) => {
  const more = join(folder, name, 'commands.txt');
  const asked = [...usual, ...(existsSync(more) ? readFileSync(more, 'utf8').split('\n').filter(Boolean) : [])];
  const said: string[] = [];
  for (const line of asked) said.push(await run(line, join(folder, name, 'project')));
  checkGolden(join(folder, name, 'output.txt'), said.join('\n'));
});

async function run(line: string, project: string): Promise<string> {
  const [name = '', ...args] = line.split(' ');
  const command = await commands.find((one) => one.name === name)?.load();
  if (command === undefined) throw new Error(`there is no command '${name}'`);
  const options = new Map([['project', project]]);
  for (let at = 0; at < args.length; at += 2) options.set((args[at] ?? '').replace(/^--/, ''), args[at + 1] ?? '');
  let printed = '';
  const code = await command.run({
    positional: [],
    option: (option) => options.get(option),
    flag: (flag) => flag === 'json',
    stdin: Readable.from([]),
    print: (text) => {
      printed += text;
    },
    say: () => undefined,
  });
  return `$ headwater ${line}\n${toReadable(printed)}\nexit ${code}\n`;
}

/** JSON with an entry on each line; the texts of compiled nodes as they are. */
function toReadable(printed: string): string {
  const { version: _, ...answer } = JSON.parse(printed) as Record<string, unknown>;
  return Object.entries(answer)
    .map(([key, value]) => {
      if (!Array.isArray(value)) return `${key}: ${JSON.stringify(value)}`;
      return [`${key}:`, ...value.map((item) => `  ${toLine(item)}`)].join('\n');
    })
    .join('\n');
}

function toLine(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('sql' in item)) return JSON.stringify(item);
  const { sql, ...rest } = item as { readonly sql: string };
  const lines = sql.split('\n').map((line) => `    | ${line}`.trimEnd());
  return [JSON.stringify(rest), ...lines].join('\n');
}

function checkGolden(file: string, text: string): void {
  if (process.env.UPDATE === '1' && process.env.CI === undefined) writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing: UPDATE=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
