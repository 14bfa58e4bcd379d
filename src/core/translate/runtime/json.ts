import { formatFloat } from './casts.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { canonical, fieldOf, fromStored, isObject, type Json, key, parse, toStored, walk, write } from './json-value.ts';

/** The rows of FLATTEN: index, key, value, path, and with `deep` what was flattened; `mode` keeps arrays, objects or both. */
function flatten(value: Json, path: string, mode: string, deep: boolean): Json[] {
  const items: readonly (readonly [string | number, Json])[] =
    Array.isArray(value) && mode !== 'object'
      ? (value as readonly Json[]).map((item, i) => [i, item] as const)
      : isObject(value) && mode !== 'array'
        ? Object.entries(value)
        : [];
  return items.flatMap(([name, item]): Json[] => {
    const here = typeof name === 'number' ? `${path}[${name}]` : path === '' ? stepText(name) : `${path}${stepText(name, '.')}`;
    const row = [typeof name === 'number' ? name : null, typeof name === 'number' ? null : name, write(item), here];
    return deep ? [[...row, write(value)], ...flatten(item, here, mode, true)] : [row];
  });
}

/** A name in a path: as it is, or quoted where it is no plain word. */
function stepText(name: string, before = ''): string {
  return /^[A-Za-z_][\w$]*$/.test(name) ? `${before}${name}` : `['${name}']`;
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
    map_entries: (text: Raw) => write(Object.entries(parse(text) as Record<string, Json>).map(([name, value]) => ({ key: name, value }))),
    text_to_map: (text: string, pairs: string, between: string) =>
      write(Object.fromEntries(text.split(pairs).map((pair) => [pair.split(between)[0] ?? '', pair.split(between)[1] ?? null]))),
    flatten_rows: (text: Raw, path: string, mode: string, deep: number, outer: number) => {
      const rows = flatten(parse(text), path, mode, deep === 1);
      return write(rows.length === 0 && outer === 1 ? [[null, null, null, path, String(text)]] : rows);
    },
  }),
  ...lenient({
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
    object_insert: (text: Raw, name: Raw, value: Raw, kind: string) =>
      text === null ? null : write({ ...(parse(text) as object), [String(name)]: fromStored(value, kind) }),
  }),
};
