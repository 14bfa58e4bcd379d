import { installSecondReader } from '../core/sql/second/second-reader.ts';
import { withNearest } from '../core/text/nearest.ts';
import { loadSecondReader } from '../disk/second-reader.ts';
import type { Command, Invocation, OptionSpec } from './command.ts';
import { exitCodes, UsageError } from './command.ts';
import { commands, type NamedCommand } from './commands.ts';
import { environmentOptions } from './environment.ts';
import { readIn, writeOut } from './supervised.ts';

const commonOptions: readonly OptionSpec[] = [
  { name: 'project', value: 'DIR', summary: 'the folder to read (default: the current one)' },
  { name: 'target', value: 'NAME', summary: "the profile's target" },
  { name: 'vars', value: 'YAML', summary: 'vars that win over those of the project' },
  ...environmentOptions,
  { name: 'json', summary: 'print JSON (the default wherever a command has no other form)' },
  { name: 'cache', value: 'DIR', summary: 'start from what an earlier run kept in this folder, and keep it there' },
  { name: 'allow-outside', summary: 'read local packages of packages.yml that lie outside the repository, too' },
  { name: 'work', value: 'SECONDS', summary: 'processor time to spend on reading, at most (default: by the size of the project)' },
  { name: 'memory', value: 'MB', summary: 'memory to take, at most (default: 1400)' },
  { name: 'quiet', summary: 'say nothing on standard error' },
  { name: 'help', summary: 'show this text' },
];

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
    print(await overview());
    return args.length === 0 ? exitCodes.usage : exitCodes.fine;
  }
  installSecondReader(() => loadSecondReader(__dirname));
  const { found, rest } = findCommand(args);
  const command = await found.load();
  const { values, positional } = readOptions(command, rest);
  const [stray] = positional;
  if (stray !== undefined && command.names === undefined && !values.has('help')) throw new UsageError(strayMessage(command, stray));
  if (values.has('help')) {
    print(commandHelp(command));
    return exitCodes.fine;
  }
  const invocation: Invocation = {
    positional,
    option: (name) => values.get(name),
    flag: (name) => values.has(name),
    get stdin() {
      return readIn();
    },
    print,
    say: (text) => void (values.has('quiet') || writeOut(2, `${text}\n`)),
  };
  return command.run(invocation);
}

function findCommand(args: readonly string[]): { found: NamedCommand; rest: readonly string[] } {
  const two = commands.find((command) => command.name === `${args[0]} ${args[1]}`);
  if (two) return { found: two, rest: args.slice(2) };
  const one = commands.find((command) => command.name === args[0]);
  if (one) return { found: one, rest: args.slice(1) };
  const family = commands.filter((command) => command.name.startsWith(`${args[0]} `));
  const wanted = family.length > 0 ? `${args[0]} ${args[1] ?? ''}`.trim() : (args[0] ?? '');
  throw new UsageError(
    withNearest(
      `There is no command '${wanted}'.`,
      wanted,
      commands.map((command) => command.name),
    ),
  );
}

function readOptions(command: Command, args: readonly string[]): { values: Map<string, string>; positional: string[] } {
  const specs = [...command.options, ...commonOptions];
  const values = new Map<string, string>();
  const positional: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (argument === '-' || !argument.startsWith('-')) {
      positional.push(argument);
      continue;
    }
    const [written = '', inline] = splitOnce(argument.replace(/^--?/, ''));
    const spec = specs.find((option) => option.name === written || option.short === written);
    if (!spec) {
      const near = withNearest(
        `'headwater ${command.name}' has no option '${argument}'.`,
        written,
        specs.map((option) => option.name),
      );
      throw new UsageError(near.replace(/'([^']*)'\?$/, "'--$1'?"));
    }
    if (spec.value === undefined) {
      values.set(spec.name, '');
      continue;
    }
    const value = inline ?? args[++i];
    if (value === undefined) throw new UsageError(`'--${spec.name}' needs a value: --${spec.name} ${spec.value}.`);
    if (spec.takesMany === undefined) {
      values.set(spec.name, value);
      continue;
    }
    const all = [values.get(spec.name), value].filter((one) => one !== undefined);
    for (let next = args[i + 1]; next !== undefined && !next.startsWith('-'); next = args[++i + 1]) all.push(next);
    // Values of variables and of rows may hold blanks.
    values.set(spec.name, all.join(spec.name === 'env' || spec.name === 'where' ? '\u0000' : ' '));
  }
  return { values, positional };
}

/** No command takes what stands beside its options: a name that was forgotten silently would be a wrong answer. */
function strayMessage(command: Command, stray: string): string {
  const way = command.options.some((option) => option.name === 'select') ? ` To select it, write --select ${stray}.` : '';
  return `'headwater ${command.name}' does not know what to do with '${stray}'.${way}`;
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

async function overview(): Promise<string> {
  const all = await Promise.all(commands.map((command) => command.load()));
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = all.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `headwater: data models explored from the command line\n\n${lines.join('\n')}\n\n'headwater COMMAND --help' tells more.\n`;
}

function commandHelp(command: Command): string {
  const options = [...command.options, ...commonOptions].map(
    (option) => `  --${option.name}${option.value === undefined ? '' : ` ${option.value}`}`.padEnd(26) + option.summary,
  );
  return `${command.summary}\n\n  ${command.usage}\n\n${options.join('\n')}\n`;
}

/** Results; where nobody reads them any more, all is done. */
function print(text: string): void {
  if (!writeOut(1, text)) process.exit(exitCodes.fine);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageError) {
      writeOut(2, `${error.message}\n`);
      process.exit(exitCodes.usage);
    }
    writeOut(2, `headwater: a bug of ours: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(exitCodes.bug);
  },
);
