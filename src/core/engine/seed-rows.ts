import { readCsv } from '../project/csv.ts';
import { sniffCsv } from '../project/csv-columns.ts';
import type { Dialect } from '../sql/dialect.ts';
import { formatDate, formatMoment, parseMoment } from '../translate/runtime/calendar.ts';
import type { TableColumn } from '../translate/table.ts';
import { toValueType, types, type ValueType } from '../translate/value-type.ts';
import type { Cell } from './engine.ts';

/** A CSV file as a table: its columns with their types, and its rows as they are stored. */
export interface CsvTable {
  readonly columns: readonly TableColumn[];
  readonly delimiter: string;
  /** Of the rows that were read: what does not fit the type that its column is declared to have. */
  misfits(): readonly string[];
  rows(): Iterable<readonly Cell[]>;
}

const sniffed: Readonly<Record<string, ValueType>> = {
  boolean: types.boolean,
  integer: types.integer,
  bigint: types.integer,
  decimal: types.decimal,
  double: types.float,
  date: types.date,
  timestamp: types.timestamp,
  text: types.string,
};

/** Reads a CSV file as a table; `declared` gives the types of columns by lower-case name, the values tell those of the others. */
export function readCsvTable(content: Uint8Array, declared: ReadonlyMap<string, string>, dialect: Dialect, delimiter?: string): CsvTable {
  const options = delimiter === undefined ? {} : { delimiter };
  const shape = sniffCsv(content, options);
  const columns = shape.columns.map((column): TableColumn => {
    const written = declared.get(column.name.toLowerCase());
    const type = written === undefined ? types.unknown : toValueType(written, dialect);
    return { name: column.name, type: type.kind === 'unknown' ? (sniffed[column.type] ?? types.string) : type };
  });
  const misfits = columns.map((): Misfits => ({ count: 0, first: '' }));
  return {
    columns,
    delimiter: shape.delimiter,
    *rows() {
      for (const found of misfits) found.count = 0;
      for (const row of readCsv(content, options).rows())
        yield row.map((text, i) => {
          const type = columns[i]?.type ?? types.string;
          const cell = toStored(text, type);
          const found = misfits[i];
          if (found !== undefined && text !== null && isMisfit(text, cell, type) && found.count++ === 0) found.first = text;
          return cell;
        });
    },
    misfits: () =>
      columns.flatMap((column, i) => {
        const { count, first } = misfits[i] ?? { count: 0, first: '' };
        if (count === 0) return [];
        const type = declared.get(column.name.toLowerCase()) ?? column.type.kind;
        return [`'${column.name}' is declared ${type}, and ${count === 1 ? 'a value is' : `${count} values are`} not: '${first}'`];
      }),
  };
}

interface Misfits {
  count: number;
  first: string;
}

/** Whether a value stays a text under a type that has none: a warehouse would refuse it. */
function isMisfit(text: string, cell: Cell, { kind }: ValueType): boolean {
  if (typeof cell !== 'string' || text.trim() === '') return false;
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') return !isPlainDate(text) && parseMoment(text, true) === undefined;
  if (kind === 'integer' || kind === 'decimal' || kind === 'float')
    return Number.isNaN(Number(text)) && !/^[-+]?(nan|inf(inity)?)$/i.test(text.trim());
  return kind === 'boolean';
}

/** A field's text as it is stored under a type; text that does not fit stays as it is, so that nothing is lost. */
export function toStored(text: string | null, type: ValueType): Cell {
  if (text === null) return null;
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'decimal': {
      const value = Number(text);
      // SQLite keeps integers of 64 bits; as text they arrive whole under the column's affinity.
      return Number.isNaN(value) || (type.kind === 'integer' && !Number.isSafeInteger(value)) ? text : value;
    }
    case 'boolean':
      return /^(true|t|yes|y|1)$/i.test(text.trim()) ? true : /^(false|f|no|n|0)$/i.test(text.trim()) ? false : text;
    case 'date':
    case 'timestamp':
    case 'timestamptz': {
      if (isPlainDate(text)) return type.kind === 'date' ? text : `${text} 00:00:00`;
      const moment = parseMoment(text, true);
      return moment === undefined ? text : type.kind === 'date' ? formatDate(moment.days) : formatMoment(moment);
    }
    default:
      return text;
  }
}

/** Whether a text is a date as it is stored: most are, and are told by their characters. */
function isPlainDate(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  for (const at of digitPlaces) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

const digitPlaces = [0, 1, 2, 3, 5, 6, 8, 9];
