import { iterate } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Value } from '../jinja/values.ts';
import { Dict, Float, PyObject, PySet, View } from '../jinja/values.ts';
import type { Plain, PlainRecord } from './environment.ts';

/** A plain value as templates see it. */
export function fromPlain(value: Plain | undefined): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : new Float(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromPlain);
  return toDict(value as PlainRecord);
}

/** A plain record as templates see it. */
export function toDict(record: PlainRecord): Dict {
  const dict = new Dict();
  for (const key of Object.keys(record)) {
    const item = record[key];
    if (item !== undefined) dict.set(key, fromPlain(item));
  }
  return dict;
}

/** The same for large records: every record in it is read when a template first looks into it. */
export function whenRead(value: Plain | undefined): Value {
  if (Array.isArray(value)) return value.map(whenRead);
  if (typeof value !== 'object' || value === null) return fromPlain(value);
  const record = value as PlainRecord;
  return Dict.whenRead(function* () {
    for (const key of Object.keys(record)) {
      const item = record[key];
      if (item !== undefined) yield [key, whenRead(item)];
    }
  });
}

/** A template's value as plain data; what has no plain form becomes its text. */
export function toPlain(value: Value): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return Array.from(value, toPlain);
  if (value instanceof Dict) return Object.fromEntries(Array.from(value.entries(), ([key, item]) => [toText(key), toPlain(item)]));
  if (value instanceof PySet || value instanceof View) return iterate(value).map(toPlain);
  return value instanceof PyObject ? value.text() : toText(value);
}

/** The keyword and mapping arguments of `config(…)` as one plain record. */
export function toRecord(entries: Iterable<readonly [Value, Value]>): PlainRecord {
  return Object.fromEntries(Array.from(entries, ([key, value]) => [toText(key), toPlain(value)]));
}
