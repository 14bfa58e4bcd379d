import { dump, JSON_SCHEMA, load } from 'js-yaml';
import type { Value } from '../jinja/values.ts';
import { Dict, Float } from '../jinja/values.ts';
import type { Plain } from './environment.ts';
import { fromPlain, toPlain } from './plain.ts';

/** `fromyaml`; undefined where the text is no YAML. */
export function parseYaml(text: string): Value | undefined {
  try {
    return fromPlain(load(text, { schema: JSON_SCHEMA }) as Plain);
  } catch {
    return undefined;
  }
}

/** `toyaml`, as PyYAML writes block style. */
export function toYaml(value: Value, sortKeys: boolean): string {
  const text = dump(toPlain(value), { noArrayIndent: true, sortKeys, lineWidth: 80, noRefs: true, styles: { '!!null': 'lowercase' } });
  return value instanceof Dict || Array.isArray(value) || value instanceof Float ? text : `${text}...\n`;
}
