import { formatFloat } from './casts.ts';
import { fail, type Raw } from './function.ts';

/** A parsed JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const recent = new Map<string, Json>();

/** The value of stored JSON text; parsed texts are kept, because a query reads several paths of each. */
export function parse(text: Raw): Json {
  const key = String(text);
  let found = recent.get(key);
  if (found === undefined) {
    try {
      found = JSON.parse(key) as Json;
    } catch {
      return fail(`'${key.length > 40 ? `${key.slice(0, 40)}…` : key}' is not JSON`);
    }
    if (recent.size > 64) recent.clear();
    if (key.length < 100_000) recent.set(key, found);
  }
  return found;
}

export const write = (value: Json): string => JSON.stringify(value);

export const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a value of JSON is stored as the kind of type it has: see ValueType. Nested values and variants stay JSON text. */
export function toStored(value: Json | undefined, kind: string): Raw {
  if (value === undefined) return null;
  if (kind === 'variant' || kind === 'json') return write(value);
  if (value === null) return null;
  if (typeof value === 'boolean') return kind === 'string' ? String(value) : value ? 1 : 0;
  if (typeof value === 'number') return kind === 'string' ? formatFloat(value, '') : value;
  if (typeof value === 'string') return kind === 'unknown' || kind === 'string' ? value : value;
  return write(value);
}

/** What a stored value of a kind of type is inside JSON. */
export function fromStored(value: Raw, kind: string): Json {
  if (value === null) return null;
  if (kind === 'boolean') return value === 1;
  if (kind === 'json' || kind === 'variant' || kind === 'array' || kind === 'struct' || kind === 'map') return parse(value);
  if (value instanceof Uint8Array) return [...value].map((byte) => String.fromCharCode(byte)).join('');
  return value;
}

type Step = string | number | '*';

/** The steps of a JSONPath or of a Snowflake path: `$.a[0]."b c"['d']`, `a.b[0]`. */
function steps(path: string): Step[] {
  const found: Step[] = [];
  const pattern =
    /\[\s*(-?\d+)\s*\]|\[\s*\*\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\.?"((?:[^"\\]|\\.)*)"|\.\*|\.?([^.[\]"]+)/y;
  pattern.lastIndex = path.startsWith('$') ? 1 : /^(lax|strict)\s+\$/.exec(path) ? path.indexOf('$') + 1 : 0;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return fail(`'${path}' is not a JSON path that can be read here`);
    const name = match[2] ?? match[3] ?? match[4] ?? match[5];
    found.push(match[1] !== undefined ? Number(match[1]) : name !== undefined ? name : '*');
  }
  return found;
}

const stepCache = new Map<string, Step[]>();

export function walk(value: Json, path: string): Json | undefined {
  let list = stepCache.get(path);
  if (list === undefined) {
    list = steps(path);
    if (stepCache.size > 500) stepCache.clear();
    stepCache.set(path, list);
  }
  let at: Json | undefined = value;
  for (const [i, step] of list.entries()) {
    if (at === undefined || at === null) return undefined;
    if (step === '*') {
      const all: readonly Json[] = Array.isArray(at) ? at : isObject(at) ? Object.values(at) : [];
      const rest = list
        .slice(i + 1)
        .map((later) => (typeof later === 'number' ? `[${later}]` : later === '*' ? '[*]' : `["${later}"]`))
        .join('');
      return all.map((item) => walk(item, `$${rest}`)).filter((item) => item !== undefined) as Json[];
    }
    if (typeof step === 'number') at = Array.isArray(at) ? (at as readonly Json[])[step < 0 ? at.length + step : step] : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

export const key = (value: Json, name: Raw): Json | undefined => {
  if (typeof name === 'number') return Array.isArray(value) ? (value as readonly Json[])[name < 0 ? value.length + name : name] : undefined;
  if (!isObject(value)) return undefined;
  return Object.hasOwn(value, String(name)) ? value[String(name)] : undefined;
};

/** A field of a struct, whose names do not tell upper from lower case. */
export function fieldOf(value: Json, name: string): Json | undefined {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const found = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : value[found];
}

export const list = (text: Raw): readonly Json[] => {
  const value = parse(text);
  return Array.isArray(value) ? (value as readonly Json[]) : fail('an array was expected');
};

export const same = (a: Json, b: Json): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b));

/** JSON with sorted keys, under which equal values are equal texts. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`)
      .join(',')}}`;
  return write(value);
}

export function compare(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [typeof a === 'object' ? canonical(a) : String(a), typeof b === 'object' ? canonical(b) : String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

export const distinct = (values: readonly Json[]): Json[] => {
  const seen = new Set<string>();
  return values.filter((value) => !seen.has(canonical(value)) && seen.add(canonical(value)));
};
