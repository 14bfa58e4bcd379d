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
  const fields = columns.map((column, i) => readField(`c${i}`, storageType(column.type)));
  const read = fields.map(({ as }, i) => `'c${i}': '${as}'`).join(', ');
  const values = fields.map(({ value }, i) => `${value} as ${quote(columns[i]?.name ?? '')}`);
  const separator = delimiter === "'" ? "''" : delimiter;
  return `select ${values.join(', ')} from read_csv('${file}', header = true, auto_detect = false, strict_mode = true, delim = '${separator}', quote = '"', escape = '"', nullstr = [${nulls}], columns = {${read}})`;
}

/** Finds texts that are no values to `readCsv`: white space alone, the word null with white space around it. */
export function findBlank(table: string, columns: readonly EngineColumn[]): string | undefined {
  const texts = columns.filter((column) => storageType(column.type) === 'varchar').map((column) => quote(column.name));
  if (texts.length === 0) return undefined;
  const conditions = texts.map(
    (name) => `((${name} < '!' or prefix(${name}, 'null') or prefix(${name}, 'NULL')) and lower(trim(${name})) in ('', 'null'))`,
  );
  return `select 1 from ${quote(table)} where ${conditions.join(' or ')} limit 1`;
}

/** No text, and the word null in every spelling of its letters. */
const nulls = [
  '',
  ...Array.from({ length: 16 }, (_, bits) => [...'null'].map((letter, i) => (bits & (1 << i) ? letter.toUpperCase() : letter)).join('')),
]
  .map((word) => `'${word}'`)
  .join(', ');

/** How a column is read, and what is made of that. */
function readField(name: string, type: string): { readonly as: string; readonly value: string } {
  switch (type) {
    case 'bigint':
      // Read as BIGINT it would be rounded where it is no whole number.
      return {
        as: 'DOUBLE',
        value: `case when ${name} <> trunc(${name}) or abs(${name}) > 9007199254740991 then error('not a whole number') else cast(${name} as bigint) end`,
      };
    case 'double':
      return { as: 'DOUBLE', value: `case when isfinite(${name}) or ${name} is null then ${name} else error('not a number') end` };
    case 'timestamp':
      // DuckDB passes over a zone.
      return {
        as: 'VARCHAR',
        value: `cast(case when regexp_full_match(${name}, '\\d{4}-\\d\\d-\\d\\d([ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?)?') then ${name} else error('not a timestamp') end as timestamp)`,
      };
    case 'date':
      return { as: 'DATE', value: `case when isfinite(${name}) or ${name} is null then ${name} else error('not a date') end` };
    default:
      return { as: type.toUpperCase(), value: name };
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
