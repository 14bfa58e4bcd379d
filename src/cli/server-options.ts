import { statSync } from 'node:fs';

const taken = ['project', 'target', 'vars', 'timeout', 'env', 'env-file', 'work'];
const switches = ['no-env', 'allow-outside', 'quiet', 'json'];

/** The options of `headwater mcp`; a sentence where one is wrong, undefined where only its help is asked for. */
export function readServerOptions(args: readonly string[]): Readonly<Record<string, string>> | string | undefined {
  const found: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    const [name = '', inline] = /^--?([^=]+)(?:=(.*))?$/s.exec(argument)?.slice(1) ?? [];
    if (name === 'help') return undefined;
    if (switches.includes(name)) found[name] = '';
    else if (taken.includes(name)) {
      const value = inline ?? args[++i];
      if (value === undefined) return `'--${name}' needs a value.`;
      found[name] = value;
    } else return `'headwater mcp' does not know what to do with '${argument}'.`;
  }
  if (found.timeout !== undefined && !(Number(found.timeout) > 0)) return `'--timeout' needs a number of seconds, not '${found.timeout}'.`;
  if (!(statSync(found.project ?? '.', { throwIfNoEntry: false })?.isDirectory() ?? false)) return `There is no folder '${found.project}'.`;
  return found;
}
