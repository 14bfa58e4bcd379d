import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { compare, distinct, fieldOf, fromStored, type Json, list, parse, same, toStored, write } from './json-value.ts';

export const arrayFunctions: RuntimeFunctions = {
  ...strict({
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
  }),
};
