import type { EngineColumn } from '../core/engine/engine.ts';

/** Where DuckDB keeps a column of a type as results show it. */
export function storageType(type: string): string {
  if (/^(integer|int|bigint)/i.test(type)) return 'bigint';
  if (/^(decimal|float|real|double|numeric)/i.test(type)) return 'double';
  if (/^boolean/i.test(type)) return 'boolean';
  if (/^date$/i.test(type)) return 'date';
  if (/^timestamp/i.test(type)) return 'timestamp';
  return /^bytes/i.test(type) ? 'blob' : 'varchar';
}

/**
 * The SELECT that reads a CSV file as `readCsv` and `toStored` do: an empty field and the word null are NULL, text stays as it is, and what
 * does not fit its column ends the statement, so that the file is read by the slower way, which knows what to do.
 */
export function selectCsv(file: string, columns: readonly EngineColumn[], delimiter: string): string {
  const names = columns.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const values = columns.map((column, i) => `${readField(`c${i}`, storageType(column.type))} as ${quote(column.name)}`);
  return `select ${values.join(', ')} from read_csv('${file}', header = true, auto_detect = false, strict_mode = true, delim = '${delimiter === "'" ? "''" : delimiter}', quote = '"', escape = '"', nullstr = ['', 'null', 'NULL', 'Null'], columns = {${names}})`;
}

function readField(name: string, type: string): string {
  switch (type) {
    case 'varchar':
      // White space alone is nothing, and so is the word in any spelling.
      return `case when length(${name}) < 9 and (trim(${name}) = '' or lower(trim(${name})) = 'null') then null else ${name} end`;
    case 'bigint':
      // DuckDB would round what is no whole number.
      return `cast(case when contains(${name}, '.') or contains(${name}, 'e') then error('not a whole number') else ${name} end as bigint)`;
    case 'boolean':
      return `case when ${name} is null then null when lower(${name}) in ('true', 't', 'yes', 'y', '1') then true when lower(${name}) in ('false', 'f', 'no', 'n', '0') then false else error('not a boolean') end`;
    case 'timestamp':
      // With a zone or another order of its parts a text is read by the slower way.
      return `cast(case when regexp_full_match(${name}, '\\d{4}-\\d\\d-\\d\\d([ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?)?') then ${name} else error('not a timestamp') end as timestamp)`;
    case 'date':
      return `cast(case when length(${name}) = 10 then ${name} else error('not a date') end as date)`;
    default:
      return `cast(${name} as ${type})`;
  }
}

/** Whether a file can be left to DuckDB: it would take an empty line for a row of NULLs, and reads UTF-8 alone. */
export function isPlainCsv(bytes: Uint8Array): boolean {
  const end = bytes.length;
  for (let at = bytes.indexOf(newline); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1)) {
    const next = bytes[at + 1];
    if (next === newline || (next === carriageReturn && bytes[at + 2] === newline)) return false;
  }
  return true;
}

const newline = 10;
const carriageReturn = 13;

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
