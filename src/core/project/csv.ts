import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { decodeBlock, encodingProblem, skipByteOrderMark } from './csv-bytes.ts';
import { findDelimiter } from './csv-delimiter.ts';

export interface CsvOptions {
  /** Where problems are said to be; relative to the project's root. */
  readonly path?: string;
  /** One character, or undefined to find it: comma, semicolon, tab or bar. */
  readonly delimiter?: string;
  /** Whether the bare word `null` in any case is NULL, as in dbt's seeds; true unless said otherwise. An empty field always is. */
  readonly nullWord?: boolean;
}

export type CsvRow = (string | null)[];

/** A CSV file opened for reading: its header now, its rows as they are asked for. */
export interface Csv {
  /** Unique names: a repeated one gets `_2` as in dbt's seeds, an empty one a letter by its place. */
  readonly header: readonly string[];
  /** The header as it stands in the file. */
  readonly written: readonly string[];
  readonly delimiter: string;
  /** Every row as wide as the header; every call reads from the first row again. Lines without any text are passed over. */
  rows(): Generator<CsvRow, void, undefined>;
  /** Grows while rows are read for the first time; at most a few of each sort, then a count. */
  readonly problems: readonly Problem[];
}

/** Bytes that are decoded at a time; a record longer than that makes the block grow. */
const blockBytes = 4 << 20;
const said = 5;

const quote = 34;
const newline = 10;
const carriageReturn = 13;

/** Opens a CSV file (RFC 4180, any line end, byte order mark or none); what is wrong with it is a problem, never thrown. */
export function readCsv(content: Uint8Array | string, options: CsvOptions = {}): Csv {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const path = options.path ?? '';
  const problems: Problem[] = [];
  const wrong = encodingProblem(bytes, path);
  if (wrong !== undefined) {
    return { header: [], written: [], delimiter: options.delimiter ?? ',', rows: function* () {}, problems: [wrong] };
  }
  const delimiter = options.delimiter ?? findDelimiter(decodeBlock(bytes, skipByteOrderMark(bytes), Math.min(bytes.length, 65_536)).text);
  const report = new Report(path, problems);
  const first = records(bytes, delimiter, undefined).next().value;
  const written = first?.fields ?? [];
  if (written.length === 0) report.add('csv-empty', 'This CSV file has no header line.', 1);
  const header = toUniqueNames(written, (message) => report.add('csv-duplicate-header', message, first?.line ?? 1));
  const nullWord = options.nullWord ?? true;
  let complete = false;

  function* rows(): Generator<CsvRow, void, undefined> {
    const reporting = complete ? undefined : new Report(path, problems, report);
    const width = header.length;
    if (width === 0) return;
    let count = -1;
    for (const record of records(bytes, delimiter, reporting)) {
      count++;
      if (count === 0) continue;
      const row = record.fields as CsvRow;
      for (let i = 0; i < row.length; i++) {
        const value = row[i] as string;
        if (value.length === 0 || isNull(value, nullWord)) row[i] = null;
      }
      if (row.length !== width) {
        reporting?.ragged(row.length, width, record.line);
        while (row.length < width) row.push(null);
        row.length = width;
      }
      yield row;
    }
    if (!complete) {
      complete = true;
      reporting?.close();
      if (count < 1) report.add('csv-empty', 'This CSV file has a header but no rows.', 1);
    }
  }
  return { header, written, delimiter, rows, problems };
}

function isNull(value: string, nullWord: boolean): boolean {
  const code = value.charCodeAt(0);
  // Nearly all values are told by their first character: neither white nor an n.
  if (code > 32 && code !== 110 && code !== 78) return false;
  const bare = value.trim();
  return bare === '' || (nullWord && bare.length === 4 && bare.toLowerCase() === 'null');
}

/** Collects problems and keeps those of one sort to a few, so that a wrong delimiter does not fill a panel. */
class Report {
  #ragged = 0;
  #firstRagged = 0;
  readonly #heard = new Set<string>();

  constructor(
    readonly path: string,
    readonly problems: Problem[],
    /** Problems that an earlier, unfinished reading added are not said twice. */
    readonly before?: { readonly problems: readonly Problem[] },
  ) {
    for (const problem of before?.problems ?? []) this.#heard.add(`${problem.start.line} ${problem.message}`);
  }

  add(code: Problem['code'], message: string, line: number): void {
    if (this.#heard.has(`${line} ${message}`)) return;
    const at = { line, column: 1 };
    this.problems.push(toProblem(code, message, { path: this.path, start: at, end: at }));
  }

  ragged(found: number, wanted: number, line: number): void {
    if (++this.#ragged === said + 1) this.#firstRagged = line;
    if (this.#ragged > said) return;
    const what = found > wanted ? 'the values beyond the header are left out' : 'the missing values are read as NULL';
    this.add('csv-ragged-row', `This row has ${found} ${found === 1 ? 'value' : 'values'}, the header has ${wanted}; ${what}.`, line);
  }

  close(): void {
    if (this.#ragged > said)
      this.add('csv-ragged-row', `${this.#ragged - said} more rows are longer or shorter than the header.`, this.#firstRagged);
  }
}

interface CsvRecord {
  readonly fields: string[];
  readonly line: number;
}

/** The records of a file, the header's included, decoded a block at a time; the object is reused, its fields are not. */
function* records(bytes: Uint8Array, delimiter: string, report: Report | undefined): Generator<CsvRecord, void, undefined> {
  const separator = delimiter.charCodeAt(0);
  const record = { fields: [] as string[], line: 1 };
  let at = skipByteOrderMark(bytes);
  let line = 1;
  let size = blockBytes;
  let width = 0;
  let undecodable = false;
  while (at < bytes.length) {
    let end = Math.min(bytes.length, at + size);
    if (end < bytes.length) {
      const cut = bytes.lastIndexOf(newline, end - 1);
      if (cut > at) end = cut + 1;
      else {
        size *= 2;
        continue;
      }
    }
    const last = end === bytes.length;
    const block = decodeBlock(bytes, at, end);
    if (block.broken !== undefined && !last) {
      // Replaced characters have other lengths than the bytes they stand for, so no block can be taken up again in its middle.
      size = bytes.length;
      continue;
    }
    const text = block.text;
    if (block.broken !== undefined && !undecodable && report !== undefined) {
      undecodable = true;
      let badLine = line;
      for (let i = at; i < block.broken; i++) if (bytes[i] === newline) badLine++;
      report.add(
        'file-undecodable',
        'This line is not UTF-8; the characters that cannot be read are shown as �. Save the file as UTF-8.',
        badLine,
      );
    }
    const length = text.length;
    let position = 0;
    let rest = -1;
    while (position < length) {
      const begin = position;
      const startLine = line;
      const fields: string[] = width === 0 ? [] : new Array<string>(width);
      let count = 0;
      let ended = false;
      while (!ended) {
        let code = position < length ? text.charCodeAt(position) : newline;
        if (code === quote) {
          let value = '';
          let from = ++position;
          let close = -1;
          for (;;) {
            close = text.indexOf('"', from);
            if (close === -1 || text.charCodeAt(close + 1) !== quote) break;
            value += text.slice(position, close + 1);
            position = from = close + 2;
          }
          if (close === -1) {
            if (!last) {
              rest = begin;
              break;
            }
            report?.add(
              'csv-quote',
              'The quote that opens in this row is never closed; the rest of the file is read as one value.',
              startLine,
            );
            close = length;
          }
          value = value === '' ? text.slice(position, close) : value + text.slice(position, close);
          for (let i = value.indexOf('\n'); i !== -1; i = value.indexOf('\n', i + 1)) line++;
          position = close + 1;
          code = position < length ? text.charCodeAt(position) : newline;
          if (code !== separator && code !== newline && code !== carriageReturn) {
            // As Python's reader does: what follows the closing quote belongs to the value.
            const after = position;
            while (code !== separator && code !== newline && code !== carriageReturn)
              code = ++position < length ? text.charCodeAt(position) : newline;
            value += text.slice(after, position);
            report?.add('csv-quote', 'Text follows the closing quote of a value in this row; it is read as part of the value.', startLine);
          }
          fields[count++] = value;
        } else {
          const from = position;
          while (code !== separator && code !== newline && code !== carriageReturn)
            code = ++position < length ? text.charCodeAt(position) : newline;
          fields[count++] = text.slice(from, position);
        }
        if (code === separator) {
          position++;
          // A file that ends in a delimiter ends in an empty value.
          continue;
        }
        position += code === carriageReturn && text.charCodeAt(position + 1) === newline ? 2 : 1;
        ended = true;
      }
      if (rest !== -1) {
        line = startLine;
        break;
      }
      line++;
      // A line of nothing but two quotes is a row of one empty value.
      if (count === 1 && fields[0] === '' && text.charCodeAt(begin) !== quote) continue;
      if (fields.length !== count) fields.length = count;
      width ||= count;
      record.fields = fields;
      record.line = startLine;
      yield record;
    }
    if (rest === -1) {
      at = end;
      size = blockBytes;
    } else {
      // The block ended inside quotes: begin again at that record with a longer block.
      at += rest === 0 ? 0 : new TextEncoder().encode(text.slice(0, rest)).length;
      size = rest === 0 ? size * 2 : size;
    }
  }
}

/** Names as agate makes them: `a`, `b`, … for empty ones, `name_2`, `name_3` for repeated ones. */
function toUniqueNames(written: readonly string[], report: (message: string) => void): readonly string[] {
  const taken = new Set<string>();
  return written.map((raw, i) => {
    const name = raw.trim();
    const wanted = name === '' ? letterName(i) : name;
    let unique = wanted;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${wanted}_${n}`;
    taken.add(unique.toLowerCase());
    if (name === '') report(`Column ${i + 1} has no name; it is called '${unique}' here.`);
    else if (unique !== name) report(`The column '${name}' appears twice in the header; the second is called '${unique}' here.`);
    return unique;
  });
}

function letterName(index: number): string {
  return String.fromCharCode(97 + (index % 26)).repeat(Math.floor(index / 26) + 1);
}
