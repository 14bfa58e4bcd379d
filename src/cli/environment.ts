import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Sources } from '../core/project/sources.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';

export const environmentOptions: readonly OptionSpec[] = [
  {
    name: 'env',
    value: 'NAME[=VALUE]',
    summary: 'a variable for env_var(), from the environment where no value is given',
    takesMany: true,
  },
  { name: 'env-file', value: 'FILE', summary: 'a file of NAME=VALUE lines for env_var()' },
  { name: 'no-env', summary: 'read no variable of the environment that was not asked for' },
];

/** Names of variables that are likely to hold what nobody should see in a compiled text. */
const secret = /SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|(^|_)KEY($|_)/i;

/**
 * What `env_var()` gives: `--env` before `--env-file` before `HEADWATER_ENV_NAME` before the environment, of which only those variables are
 * read that the project names and whose names do not sound like secrets.
 */
export function readEnvironment(invocation: Invocation, sources: Sources): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined) found[name] = value;
  };
  if (!invocation.flag('no-env')) for (const name of namesIn(sources)) if (!secret.test(name)) put(name, process.env[name]);
  for (const [name, value] of Object.entries(process.env))
    if (name.startsWith('HEADWATER_ENV_')) put(name.slice('HEADWATER_ENV_'.length), value);
  const file = invocation.option('env-file');
  if (file !== undefined) for (const [name, value] of readLines(file)) put(name, value);
  for (const text of (invocation.option('env') ?? '').split('\u0000').filter(Boolean)) {
    const at = text.indexOf('=');
    put(at === -1 ? text : text.slice(0, at), at === -1 ? process.env[text] : text.slice(at + 1));
  }
  return found;
}

/** The variables that the project's files name. */
function namesIn(sources: Sources): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of sources.below('', '.sql', '.yml', '.yaml', '.md', '.py'))
    for (const [, name] of (sources.find(path)?.text ?? '').matchAll(/\benv_var\(\s*['"](\w+)['"]/g))
      if (name !== undefined) names.add(name);
  return names;
}

function readLines(file: string): readonly (readonly [string, string])[] {
  let text: string;
  try {
    text = readFileSync(resolve(file), 'utf8');
  } catch {
    throw new UsageError(`The file '${file}' cannot be read.`);
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.replace(/^(['"])(.*)\1$/, '$2')] as const];
  });
}
