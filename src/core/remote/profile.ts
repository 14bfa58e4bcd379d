import { extendEnvironment, type RenderEnvironment, type RenderSubject } from '../dbt/environment.ts';
import { renderNode } from '../dbt/render.ts';
import { isMap, toText, type YamlMap } from '../project/yaml.ts';
import { withNearest } from '../text/nearest.ts';

/** An output of a profile before its values are rendered: what may be shown, and nothing that is secret. */
export interface ProfileOutput {
  readonly name: string;
  readonly isDefault: boolean;
  readonly written: YamlMap;
}

/** A profile as its file says it. */
export interface Profile {
  readonly name: string;
  readonly outputs: readonly ProfileOutput[];
}

/** The values of an output, rendered, for the moment of connecting; `secrets` must not appear in anything that is shown. */
export interface ConnectionValues {
  readonly adapter: string;
  readonly values: ReadonlyMap<string, string>;
  readonly secrets: readonly string[];
}

/** The project's profile among those of a profiles.yml; a text says in one sentence why there is none. */
export function findProfile(file: unknown, path: string, name: string, environment: RenderEnvironment): Profile | string {
  if (!isMap(file)) return `${path} is not a mapping of profiles.`;
  const names = Object.keys(file).filter((key) => key !== 'config');
  const profile = file[name];
  if (!isMap(profile)) return withNearest(`${path} has no profile '${name}'.`, name, names);
  const { outputs } = profile;
  if (!isMap(outputs)) return `The profile '${name}' in ${path} has no 'outputs'.`;
  const target = renderValue(environment, toText(profile.target) ?? 'default');
  return {
    name,
    outputs: Object.entries(outputs).flatMap(([output, written]) =>
      isMap(written) ? [{ name: output, isDefault: output === target.value, written }] : [],
    ),
  };
}

/** The adapter of an output, without reading anything else of it. */
export function adapterOf(output: ProfileOutput, environment: RenderEnvironment): string {
  return renderValue(environment, toText(output.written.type) ?? '').value ?? '';
}

const secretKeys = /pass|secret|token|private_key|keyfile|credential/i;
/** A template that reads a variable which sounds like a secret, whatever key it stands under. */
const secretVariable = /env_var\(\s*['"][^'"]*(?:SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|KEY)/i;

/** Renders everything that an output says, with every variable that it names; a text says in one sentence what is missing. */
export function readConnection(output: ProfileOutput, environment: RenderEnvironment): ConnectionValues | string {
  const values = new Map<string, string>();
  const secrets: string[] = [];
  for (const [key, written] of Object.entries(output.written)) {
    if (isMap(written) || Array.isArray(written)) continue;
    const text = toText(written);
    if (text === undefined) continue;
    const { value, problem } = renderValue(environment, text);
    if (value === undefined) return `'${key}' of the output '${output.name}' cannot be read: ${problem}`;
    values.set(key, value);
    if (value !== '' && (secretKeys.test(key) || secretVariable.test(text))) secrets.push(value);
  }
  return { adapter: values.get('type') ?? '', values, secrets };
}

/** A text without the secrets that a database or driver may have repeated in it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => {
    if (secret.length >= 6) return shown.replaceAll(secret, '***');
    // A short one is a piece of many words, and taking it out of those would tell it.
    const alone = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    return shown.replace(new RegExp(`(?<![\\p{L}\\p{N}])${alone}(?![\\p{L}\\p{N}])`, 'gu'), '***');
  }, text);
}

function renderValue(environment: RenderEnvironment, text: string): { readonly value?: string; readonly problem?: string } {
  if (!/\{[{%]/.test(text)) return { value: text };
  const subject: RenderSubject = {
    name: 'profile',
    package: environment.projectName,
    path: 'profiles.yml',
    text,
    resourceType: 'profile',
    relation: { identifier: 'profile' },
    config: {},
    isValue: true,
  };
  const { status, sql, problems } = renderNode(extendEnvironment(environment, { standInForEnv: false }), subject, 'compile');
  return status === 'rendered' ? { value: sql } : { problem: problems[0]?.message ?? 'its template cannot be rendered.' };
}
