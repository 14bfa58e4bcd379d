import { formatFloat } from './casts.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';

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

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
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
function fromStored(value: Raw, kind: string): Json {
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

function walk(value: Json, path: string): Json | undefined {
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

const key = (value: Json, name: Raw): Json | undefined => {
  if (typeof name === 'number') return Array.isArray(value) ? (value as readonly Json[])[name < 0 ? value.length + name : name] : undefined;
  if (!isObject(value)) return undefined;
  return Object.hasOwn(value, String(name)) ? value[String(name)] : undefined;
};

/** A field of a struct, whose names do not tell upper from lower case. */
function fieldOf(value: Json, name: string): Json | undefined {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const found = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : value[found];
}

const list = (text: Raw): readonly Json[] => {
  const value = parse(text);
  return Array.isArray(value) ? (value as readonly Json[]) : fail('an array was expected');
};

const same = (a: Json, b: Json): boolean => a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b));

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

function compare(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [typeof a === 'object' ? canonical(a) : String(a), typeof b === 'object' ? canonical(b) : String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const distinct = (values: readonly Json[]): Json[] => {
  const seen = new Set<string>();
  return values.filter((value) => !seen.has(canonical(value)) && seen.add(canonical(value)));
};

function flatten(value: Json, outer: number): string {
  const items: readonly (readonly [Json, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, i) => [i, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (items.length === 0 && outer === 1) return '[[null,null,null]]';
  return write(items.map(([name, item]) => [typeof name === 'number' ? name : null, typeof name === 'number' ? null : name, write(item)]));
}

function flattenDeep(value: Json, path: string): Json[] {
  const items: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, i) => [i, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return items.flatMap(([name, item]): Json[] => {
    const here = typeof name === 'number' ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    return [
      [typeof name === 'number' ? name : null, typeof name === 'number' ? null : name, write(item), here],
      ...flattenDeep(item, here),
    ];
  });
}

export const jsonFunctions: RuntimeFunctions = {
  ...strict({
    parse_json: (text: string) => (text.trim() === '' ? null : write(parse(text))),
    try_parse_json: (text: string) => {
      try {
        return text.trim() === '' ? null : write(JSON.parse(text) as Json);
      } catch {
        return null;
      }
    },
    json_valid: (text: string) => {
      try {
        JSON.parse(text);
        return 1;
      } catch {
        return 0;
      }
    },
    json_path: (text: Raw, path: string, kind: string) => {
      const found = walk(parse(text), path);
      return found === undefined ? null : toStored(found, kind);
    },
    /** The text of a scalar at a path; `nested` says whether objects and arrays give their JSON or NULL. */
    json_scalar: (text: Raw, path: string, nested: number) => {
      let found: Json | undefined;
      try {
        found = walk(parse(text), path);
      } catch {
        return null;
      }
      if (found === undefined || found === null || (typeof found === 'object' && nested !== 1)) return null;
      return typeof found === 'string' ? found : write(found);
    },
    json_path_texts: (text: Raw, ...names: Raw[]) => {
      let at: Json | undefined = parse(text);
      for (const name of names) at = at === undefined || at === null ? undefined : key(at, Array.isArray(at) ? Number(name) : name);
      return at === undefined || at === null ? null : typeof at === 'string' ? at : write(at);
    },
    json_path_lax: (text: Raw, path: string) => {
      try {
        const found = walk(parse(text), path);
        return found === undefined ? null : write(found);
      } catch {
        return null;
      }
    },
    json_key: (text: Raw, name: Raw) => {
      const found = key(parse(text), name);
      return found === undefined ? null : write(found);
    },
    json_key_nocase: (text: Raw, name: string) => {
      const found = fieldOf(parse(text), name);
      return found === undefined ? null : write(found);
    },
    json_key_text: (text: Raw, name: Raw) => {
      const found = key(parse(text), name);
      return found === undefined || found === null ? null : typeof found === 'string' ? found : write(found);
    },
    json_type: (text: Raw, style: string) => {
      const value = parse(text);
      if (value === null) return style === 'snowflake' ? 'NULL_VALUE' : style === 'upper' ? 'NULL' : 'null';
      if (style === 'snowflake')
        return Array.isArray(value)
          ? 'ARRAY'
          : typeof value === 'object'
            ? 'OBJECT'
            : typeof value === 'string'
              ? 'VARCHAR'
              : typeof value === 'boolean'
                ? 'BOOLEAN'
                : Number.isInteger(value)
                  ? 'INTEGER'
                  : 'DECIMAL';
      const name = Array.isArray(value) ? 'array' : typeof value;
      return style === 'upper'
        ? name === 'number'
          ? Number.isInteger(value)
            ? 'UBIGINT'
            : 'DOUBLE'
          : name === 'string'
            ? 'VARCHAR'
            : name.toUpperCase()
        : name;
    },
    json_keys: (text: Raw) => {
      const value = parse(text);
      return isObject(value) ? write(Object.keys(value)) : null;
    },
    json_values: (text: Raw) => write(Object.values(parse(text) as Record<string, Json>)),
    json_length: (text: Raw) => {
      const value = parse(text);
      return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : null;
    },
    json_array_length: (text: Raw) => {
      const value = parse(text);
      return Array.isArray(value) ? value.length : null;
    },
    json_pretty: (text: Raw) => JSON.stringify(parse(text), null, 2),
    json_compact: (text: Raw) => write(parse(text)),
    json_canonical: (text: Raw) => canonical(parse(text)),
    json_contains: (text: Raw, part: Raw) => {
      const within = (a: Json, b: Json): boolean =>
        Array.isArray(b)
          ? Array.isArray(a) && (b as readonly Json[]).every((item) => (a as readonly Json[]).some((other) => within(other, item)))
          : isObject(b)
            ? isObject(a) && Object.entries(b).every(([name, item]) => Object.hasOwn(a, name) && within(a[name] ?? null, item))
            : a === b || (Array.isArray(a) && (a as readonly Json[]).includes(b));
      return within(parse(text), parse(part));
    },
    json_has_key: (text: Raw, name: string) => {
      const value = parse(text);
      return isObject(value) ? Object.hasOwn(value, name) : Array.isArray(value) ? value.includes(name) : false;
    },
    json_delete: (text: Raw, name: Raw) => {
      const value = parse(text);
      if (Array.isArray(value))
        return write((value as readonly Json[]).filter((item, i) => (typeof name === 'number' ? i !== name : item !== name)));
      return write(Object.fromEntries(Object.entries(value as Record<string, Json>).filter(([field]) => field !== name)));
    },
    json_merge: (a: Raw, b: Raw) => {
      const [x, y] = [parse(a), parse(b)];
      if (Array.isArray(x) || Array.isArray(y))
        return write([...(Array.isArray(x) ? (x as readonly Json[]) : [x]), ...(Array.isArray(y) ? (y as readonly Json[]) : [y])]);
      return write({ ...(x as object), ...(y as object) });
    },
    /** A variant as text: strings without quotes, nested values as JSON; the JSON null is NULL. */
    variant_text: (text: Raw) => {
      const value = parse(text);
      return value === null ? null : typeof value === 'string' ? value : typeof value === 'number' ? formatFloat(value, '') : write(value);
    },
    variant_number: (text: Raw, safe: number) => {
      const value = parse(text);
      if (value === null) return null;
      const number =
        typeof value === 'boolean'
          ? Number(value)
          : typeof value === 'number'
            ? value
            : typeof value === 'string' && value.trim() !== ''
              ? Number(value)
              : Number.NaN;
      return Number.isNaN(number) ? (safe === 1 ? null : fail(`the value ${write(value)} is not a number`)) : number;
    },
    variant_boolean: (text: Raw, safe: number) => {
      const value = parse(text);
      if (value === null) return null;
      if (typeof value === 'boolean') return value;
      if (typeof value === 'number') return value !== 0;
      const word = String(value).toLowerCase();
      return word === 'true' || word === 't' || word === 'yes' || word === '1'
        ? 1
        : word === 'false' || word === 'f' || word === 'no' || word === '0'
          ? 0
          : safe === 1
            ? null
            : fail(`the value ${write(value)} is not a boolean`);
    },
    struct_field: (text: Raw, name: string, kind: string) => toStored(fieldOf(parse(text), name), kind),
    rename_fields: (text: Raw, names: string) => {
      const wanted = JSON.parse(names) as string[];
      return write(
        Object.fromEntries(Object.values(parse(text) as Record<string, Json>).map((value, i) => [wanted[i] ?? `_${i + 1}`, value])),
      );
    },
    array_length: (text: Raw) => list(text).length,
    array_at: (text: Raw, index: number, base: number, safe: number, kind: string) => {
      const items = list(text);
      const at = index < 0 && safe === 2 ? items.length + index : index - base;
      if (at < 0 || at >= items.length) return safe >= 1 ? null : fail(`the index ${index} is outside of the array of ${items.length}`);
      return toStored(items[at], kind);
    },
    array_slice: (text: Raw, from: number, to: number) => write(list(text).slice(from, to)),
    array_concat: (...texts: Raw[]) => write(texts.flatMap((text) => [...list(text)])),
    array_reverse: (text: Raw) => write([...list(text)].reverse()),
    array_join: (text: Raw, separator: string) =>
      list(text)
        .filter((item) => item !== null)
        .map((item) => (typeof item === 'object' ? write(item) : String(item)))
        .join(separator),
    array_join_null: (text: Raw, separator: string, missing: string) =>
      list(text)
        .map((item) => (item === null ? missing : typeof item === 'object' ? write(item) : String(item)))
        .join(separator),
    array_distinct: (text: Raw) => write(distinct(list(text))),
    array_compact: (text: Raw) => write(list(text).filter((item) => item !== null)),
    array_sort: (text: Raw, descending: number, nullsFirst: number) => {
      const items = [...list(text)];
      const present = items.filter((item) => item !== null).sort((a, b) => (descending === 1 ? compare(b, a) : compare(a, b)));
      const missing = items.filter((item) => item === null);
      return write(nullsFirst === 1 ? [...missing, ...present] : [...present, ...missing]);
    },
    array_min: (text: Raw, kind: string) =>
      toStored(
        list(text)
          .filter((item) => item !== null)
          .sort(compare)[0],
        kind,
      ),
    array_max: (text: Raw, kind: string) =>
      toStored(
        list(text)
          .filter((item) => item !== null)
          .sort(compare)
          .at(-1),
        kind,
      ),
    array_sum: (text: Raw) => list(text).reduce((sum: number | null, item) => (item === null ? sum : (sum ?? 0) + Number(item)), null),
    array_avg: (text: Raw) => {
      const items = list(text).filter((item) => item !== null);
      return items.length === 0 ? null : items.reduce((sum: number, item) => sum + Number(item), 0) / items.length;
    },
    array_overlap: (a: Raw, b: Raw) => list(a).some((item) => item !== null && list(b).some((other) => same(item, other))),
    array_intersect: (a: Raw, b: Raw) => write(distinct(list(a).filter((item) => list(b).some((other) => same(item, other))))),
    array_except: (a: Raw, b: Raw) => write(distinct(list(a).filter((item) => !list(b).some((other) => same(item, other))))),
    array_contains_all: (a: Raw, b: Raw) => list(b).every((item) => list(a).some((other) => same(item, other))),
    array_repeat: (value: Raw, count: number, kind: string) =>
      write(Array.from({ length: Math.max(count, 0) }, () => fromStored(value, kind))),
    array_flatten: (text: Raw) =>
      write(list(text).flatMap((item): Json[] => (Array.isArray(item) ? [...(item as readonly Json[])] : item === null ? [] : [item]))),
    array_dedup_union: (a: Raw, b: Raw) => write(distinct([...list(a), ...list(b)])),
    array_insert: (text: Raw, index: number, value: Raw, kind: string) =>
      write([...list(text).slice(0, index), fromStored(value, kind), ...list(text).slice(index)]),
    array_remove_at: (text: Raw, index: number) =>
      write(list(text).filter((_, i) => i !== (index < 0 ? list(text).length + index : index))),
    array_generate: (from: number, to: number, step: number) => {
      if (step === 0) fail('the step of a series must not be zero');
      if ((to - from) / step > 5_000_000) fail('a series of more than 5 million values is not built in a preview');
      const items: number[] = [];
      for (let i = 0; step > 0 ? from + i * step <= to : from + i * step >= to; i++) items.push(Number((from + i * step).toPrecision(15)));
      return write(items);
    },
    array_zip: (...texts: Raw[]) => {
      const all = texts.map(list);
      return write(
        Array.from({ length: Math.max(0, ...all.map((items) => items.length)) }, (_, i) =>
          Object.fromEntries(all.map((items, n) => [`_${n + 1}`, items[i] ?? null])),
        ),
      );
    },
    map_from_arrays: (keys: Raw, values: Raw) =>
      write(Object.fromEntries(list(keys).map((name, i) => [String(name), list(values)[i] ?? null]))),
    map_from_pairs: (text: Raw) =>
      write(
        Object.fromEntries(
          list(text).map((pair) =>
            Array.isArray(pair)
              ? [String(pair[0]), pair[1] as Json]
              : [String(fieldOf(pair, 'key') ?? Object.values(pair as object)[0]), (Object.values(pair as object)[1] ?? null) as Json],
          ),
        ),
      ),
    map_entries: (text: Raw) => write(Object.entries(parse(text) as Record<string, Json>).map(([name, value]) => ({ key: name, value }))),
    text_to_map: (text: string, pairs: string, between: string) =>
      write(Object.fromEntries(text.split(pairs).map((pair) => [pair.split(between)[0] ?? '', pair.split(between)[1] ?? null]))),
    flatten_rows: (text: Raw, outer: number) => flatten(parse(text), outer),
    flatten_rows_deep: (text: Raw) => write(flattenDeep(parse(text), '')),
    /** The elements of an array in the way they are stored when they stand alone. */
    elements: (text: Raw, kind: string) => write(list(text).map((item) => toStored(item, kind) as Json)),
    entries: (text: Raw, kind: string) =>
      write(Object.entries(parse(text) as Record<string, Json>).map(([name, value]) => [name, toStored(value, kind) as Json])),
  }),
  ...lenient({
    /** Kinds and values in turns. */
    array_of: (...pairs: Raw[]) => {
      const items: Json[] = [];
      for (let i = 0; i < pairs.length; i += 2) items.push(fromStored(pairs[i + 1] ?? null, String(pairs[i])));
      return write(items);
    },
    /** Names, kinds and values in turns. */
    object_of: (...triples: Raw[]) => {
      const fields: [string, Json][] = [];
      for (let i = 0; i < triples.length; i += 3)
        fields.push([String(triples[i]), fromStored(triples[i + 2] ?? null, String(triples[i + 1]))]);
      return write(Object.fromEntries(fields));
    },
    object_without_nulls: (...triples: Raw[]) => {
      const fields: [string, Json][] = [];
      for (let i = 0; i < triples.length; i += 3)
        if (triples[i] !== null && triples[i + 2] !== null)
          fields.push([String(triples[i]), fromStored(triples[i + 2] ?? null, String(triples[i + 1]))]);
      return write(Object.fromEntries(fields));
    },
    to_variant: (value: Raw, kind: string) => (value === null ? null : write(fromStored(value, kind))),
    array_append: (text: Raw, value: Raw, kind: string) => (text === null ? null : write([...list(text), fromStored(value, kind)])),
    array_prepend: (text: Raw, value: Raw, kind: string) => (text === null ? null : write([fromStored(value, kind), ...list(text)])),
    array_position: (text: Raw, value: Raw, kind: string, base: number) => {
      if (text === null || value === null) return null;
      const found = list(text).findIndex((item) => same(item, fromStored(value, kind)));
      return found === -1 ? (base === 1 ? 0 : null) : found + base;
    },
    array_contains: (text: Raw, value: Raw, kind: string) =>
      text === null || value === null ? null : list(text).some((item) => same(item, fromStored(value, kind))),
    array_remove: (text: Raw, value: Raw, kind: string) =>
      text === null ? null : write(list(text).filter((item) => !same(item, fromStored(value, kind)))),
    object_insert: (text: Raw, name: Raw, value: Raw, kind: string) =>
      text === null ? null : write({ ...(parse(text) as object), [String(name)]: fromStored(value, kind) }),
  }),
};
