import type { Cell, Engine, EngineColumn } from '../core/engine/engine.ts';
import { toCell } from '../core/engine/run-sql.ts';
import { profileColumn } from '../core/results/profile.ts';
import type { ValueType } from '../core/translate/value-type.ts';
import type {
  CellSearch,
  ColumnDetail,
  ColumnFilter,
  ColumnStatistics,
  FoundCell,
  ResultPage,
  ResultRange,
  ResultView,
  SelectionTotals,
  ShownCell,
  ValueCount,
} from '../protocol.ts';

/** How many values the list of a column's values offers. */
const valuesOffered = 200;

/** Numbers with no more values than that are listed, others are counted in steps. */
const fewValues = 12;

/** How many of the most frequent values are named. */
const topValues = 5;

/**
 * A result kept as a table of the engine, so that any number of rows is paged, sorted, filtered and counted where it lies. Its columns
 * are named by position, because a query may give two columns the same name.
 */
export class ResultTable {
  constructor(
    private readonly engine: Engine,
    readonly table: string,
    readonly columns: readonly EngineColumn[],
    readonly rowCount: number,
    private readonly types: readonly ValueType[],
  ) {}

  async page(view: ResultView, offset: number, limit: number): Promise<ResultPage> {
    const where = toWhere(view.filters, this.columns);
    const { rows } = await this.engine.query(`select * from ${this.table}${where}${toOrder(view)}`, { offset, limit });
    const rowCount = view.filters.length === 0 ? this.rowCount : await this.#count(where);
    return { offset, rows: rows.map((row) => row.map((value, column) => this.#show(value, column))), rowCount };
  }

  async rows(view: ResultView, range: ResultRange): Promise<ShownCell[][]> {
    const [from, to] = range.rows;
    const names = range.columns.map(toName).join(', ');
    const sql = `select ${names} from (select * from ${this.table}${toWhere(view.filters, this.columns)}${toOrder(view)}) as t`;
    const { rows } = await this.engine.query(sql, { offset: from, limit: to - from });
    return rows.map((row) => row.map((value, at) => this.#show(value, range.columns[at] ?? 0)));
  }

  async statistics(view: ResultView, column: number): Promise<ColumnStatistics> {
    const where = toWhere(view.filters, this.columns);
    const name = toName(column);
    const sql = `select count(*), count(${name}), count(distinct ${name}), min(${name}), max(${name}) from ${this.table}${where}`;
    const [[all = 0, present = 0, distinct = 0, min = null, max = null] = []] = (await this.engine.query(sql, { offset: 0, limit: 1 }))
      .rows;
    const isMeasure = isNumber(this.columns[column]) && Number(distinct) > fewValues;
    return {
      nulls: Number(all) - Number(present),
      distinct: Number(distinct),
      min: this.#show(min, column),
      max: this.#show(max, column),
      histogram: await this.#histogram(name, where, Number(min), Number(max), isMeasure),
      top: isMeasure || Number(distinct) * 2 > Number(present) ? [] : await this.#top(where, column),
    };
  }

  /** The same with what stands out among the values; `facts` are those that the project declares of the column. */
  async profile(view: ResultView, column: number, about: Parameters<typeof profileColumn>[4]): Promise<ColumnDetail> {
    const from = this.from(view);
    const rowCount = view.filters.length === 0 ? this.rowCount : await this.#count(toWhere(view.filters, this.columns));
    const of = { name: toName(column), type: this.types[column] ?? ({ kind: 'unknown' } as const) };
    const { nulls, distinct, unique, min, max, mean, findings } = await profileColumn(this.engine, from, of, rowCount, about);
    const { histogram, top } = await this.statistics(view, column);
    return { nulls, distinct, unique, min: toShown(min), max: toShown(max), mean, findings, histogram, top };
  }

  async #top(where: string, column: number): Promise<readonly ValueCount[]> {
    const name = toName(column);
    const present = `${where === '' ? ' where' : `${where} and`} ${name} is not null`;
    const sql = `select ${name}, count(*) from ${this.table}${present} group by ${name} order by 2 desc, 1`;
    const { rows } = await this.engine.query(sql, { offset: 0, limit: topValues });
    return rows.map(([value = null, count = 0]) => ({ value: this.#show(value, column), count: Number(count) }));
  }

  /** What a rectangle of cells comes to. */
  async totals(view: ResultView, range: ResultRange): Promise<SelectionTotals> {
    const [from, to] = range.rows;
    const names = range.columns.map(toName).join(', ');
    const rows = `select ${names} from (select * from ${this.table}${toWhere(view.filters, this.columns)}${toOrder(view)} limit ${to - from} offset ${from}) as t`;
    const sums = range.columns.map((column) => {
      const name = toName(column);
      if (!isNumber(this.columns[column])) return `count(${name}), 0, 0, null, null`;
      const value = `cast(${name} as double precision)`;
      return `count(${name}), count(${name}), coalesce(sum(${value}), 0), min(${value}), max(${value})`;
    });
    const [found = []] = (await this.engine.query(`select ${sums.join(', ')} from (${rows}) as t`, { offset: 0, limit: 1 })).rows;
    const totals = { filled: 0, numbers: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
    for (let at = 0; at < found.length; at += 5) {
      const [filled = 0, numbers = 0, sum = 0, min = null, max = null] = found.slice(at, at + 5);
      totals.filled += Number(filled);
      totals.numbers += Number(numbers);
      totals.sum += Number(sum);
      if (min !== null) totals.min = Math.min(totals.min, Number(min));
      if (max !== null) totals.max = Math.max(totals.max, Number(max));
    }
    return totals;
  }

  /** The most frequent values of a column, as many as a list can offer. */
  async values(view: ResultView, column: number): Promise<readonly ValueCount[]> {
    const others = view.filters.filter((filter) => filter.column !== column);
    const name = toName(column);
    const sql = `select ${name}, count(*) from ${this.table}${toWhere(others, this.columns)} group by ${name} order by 2 desc, 1 nulls last`;
    const { rows } = await this.engine.query(sql, { offset: 0, limit: valuesOffered });
    return rows.map(([value = null, count = 0]) => ({ value: this.#show(value, column), count: Number(count) }));
  }

  /** The next cell that holds a text, case ignored; undefined where no cell of the view does. */
  async find(view: ResultView, search: CellSearch): Promise<FoundCell | undefined> {
    const wanted = search.text.toLowerCase();
    const quoted = `'${wanted.replaceAll("'", "''")}'`;
    const hits = this.columns.map((column, i) => `instr(lower(${toText(column, i)}), ${quoted}) > 0`).join(' or ');
    const order = toOrder(view).replace(/^ /, '') || 'order by rowid';
    const where = toWhere(view.filters, this.columns);
    const numbered = `select row_number() over (${order}) - 1 as hw_row, * from ${this.table}${where}`;
    const matching = `with numbered as (${numbered}), matching as (select * from numbered where ${hits})`;
    const [[count = 0] = []] = (await this.engine.query(`${matching} select count(*) from matching`, { offset: 0, limit: 1 })).rows;
    if (Number(count) === 0) return undefined;
    const { row, column } = search.from;
    const step = search.backwards ? -1 : 1;
    // The row it starts in, those behind it, and around the end; of the last two the first row will do.
    const places = search.backwards
      ? [`= ${row}`, `< ${row} order by hw_row desc`, `>= ${row} order by hw_row desc`]
      : [`= ${row}`, `> ${row} order by hw_row`, `<= ${row} order by hw_row`];
    for (const [at, place] of places.entries()) {
      const sql = `${matching} select * from matching where hw_row ${place}`;
      const [found] = (await this.engine.query(sql, { offset: 0, limit: 1 })).rows;
      if (found === undefined) continue;
      const [index, ...cells] = found;
      const first = at > 0 ? (step > 0 ? 0 : this.columns.length - 1) : column + (search.inclusive ? 0 : step);
      const holds = (at: number): boolean =>
        this.#textOf(cells[at] ?? null, at)
          .toLowerCase()
          .includes(wanted);
      let cell = first;
      while (this.columns[cell] !== undefined && !holds(cell)) cell += step;
      if (this.columns[cell] === undefined && at === 0) continue;
      const before = `${matching} select count(*) from matching where hw_row <= ${Number(index)}`;
      const [[rank = 0] = []] = (await this.engine.query(before, { offset: 0, limit: 1 })).rows;
      // What the engine spells otherwise than we do is found by its row.
      return { row: Number(index), column: this.columns[cell] === undefined ? 0 : cell, rows: Number(count), at: Number(rank) };
    }
    return undefined;
  }

  /** A cell as the search of the engine reads it. */
  #textOf(value: Cell, column: number): string {
    if (value === null) return '';
    if (isBoolean(this.columns[column])) return String(value === true || value === 1 || value === 1n);
    return value instanceof Uint8Array ? '' : String(value);
  }

  /** The rows of a view as FROM reads them. */
  from(view: ResultView): string {
    return view.filters.length === 0 ? this.table : `(select * from ${this.table}${toWhere(view.filters, this.columns)}) as filtered`;
  }

  /** The first rows of a query over it. */
  async read(sql: string, limit: number): Promise<ShownCell[][]> {
    const { rows } = await this.engine.query(sql, { offset: 0, limit });
    return rows.map((row) => row.map(toShown));
  }

  async drop(): Promise<void> {
    await this.engine.execute(`drop table if exists ${this.table}`);
  }

  #show(value: Cell, column: number): ShownCell {
    return toShown(toCell(value, this.types[column] ?? { kind: 'unknown' }));
  }

  async #count(where: string): Promise<number> {
    const [[count = 0] = []] = (await this.engine.query(`select count(*) from ${this.table}${where}`, { offset: 0, limit: 1 })).rows;
    return Number(count);
  }

  /** Twelve counts between the least and the greatest value; none for what is not a number. */
  async #histogram(name: string, where: string, min: number, max: number, numeric: boolean): Promise<number[]> {
    if (!numeric || !Number.isFinite(min) || !Number.isFinite(max) || max <= min) return [];
    const bars = 12;
    const bar = `floor((cast(${name} as double precision) - (${min})) * ${bars} / ${max - min})`;
    const sql = `select ${bar} as bar, count(*) from ${this.table}${where === '' ? ' where' : `${where} and`} ${name} is not null group by 1`;
    const counts = Array.from({ length: bars }, () => 0);
    for (const [at = 0, count = 0] of (await this.engine.query(sql, { offset: 0, limit: bars + 1 })).rows) {
      const index = Math.min(bars - 1, Math.max(0, Number(at)));
      counts[index] = (counts[index] ?? 0) + Number(count);
    }
    return counts;
  }
}

/** The name that the column at an index has in a result table. */
export function toName(column: number): string {
  return `c${column}`;
}

/** A value as webviews take it: what does not fit a double travels as text, bytes as hexadecimal. */
export function toShown(value: Cell): ShownCell {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `\\x${Array.from(value.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function isNumber(column: EngineColumn | undefined): boolean {
  return /int|num|dec|real|double|float/i.test(column?.type.replace(/interval|point/gi, '') ?? '');
}

function toWhere(filters: readonly ColumnFilter[], columns: readonly EngineColumn[]): string {
  return filters.length === 0 ? '' : ` where ${filters.map((filter) => toCondition(filter, columns[filter.column])).join(' and ')}`;
}

function toCondition({ column, operator, values }: ColumnFilter, of: EngineColumn | undefined): string {
  const name = toName(column);
  const text = toText(of, column);
  const isNumeric = isNumber(of) && values.every((value) => numberText.test(value));
  const [first = '', second = ''] = isNumeric ? values : values.map(quote);
  const left = isNumeric ? name : text;
  // The end of what a date says: all of the day where only the day is given.
  const endOf = (value: string): string => (isDate(of) ? `${value.slice(0, -1)}~'` : value);
  const is = (value: string): string =>
    isNumeric
      ? `${name} = ${value}`
      : isDate(of)
        ? `(${text} >= ${quote(value)} and ${text} <= ${endOf(quote(value))})`
        : `${text} = ${quote(value)}`;
  const isAny = values.length === 0 ? '1 = 0' : values.map(is).join(' or ');
  switch (operator) {
    case 'null':
      return `${name} is null`;
    case 'not null':
      return `${name} is not null`;
    case 'contains':
      return `instr(lower(${text}), lower(${quote(values[0] ?? '')})) > 0`;
    case 'not contains':
      return `(${name} is null or instr(lower(${text}), lower(${quote(values[0] ?? '')})) = 0)`;
    case 'like':
      return `lower(${text}) like ${toPattern(values[0] ?? '')} escape '\\'`;
    case 'unlike':
      return `(${name} is null or lower(${text}) not like ${toPattern(values[0] ?? '')} escape '\\')`;
    case 'one of':
      return `(${isAny})`;
    case 'none of':
      return `(${name} is null or not (${isAny}))`;
    case 'less':
      return `${left} < ${first}`;
    case 'at most':
      return `${left} <= ${endOf(first)}`;
    case 'greater':
      return `${left} > ${endOf(first)}`;
    case 'at least':
      return `${left} >= ${first}`;
    case 'between':
      return `(${left} >= ${first} and ${left} <= ${endOf(second)})`;
  }
}

/** A number as SQL writes it; what is typed is put into the query as it stands, so that no digit is lost. */
const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A pattern with `*` for any text as LIKE has it. */
function toPattern(value: string): string {
  return quote(
    value
      .toLowerCase()
      .replace(/[\\%_]/g, '\\$&')
      .replace(/\*+/g, '%'),
  );
}

function isDate(column: EngineColumn | undefined): boolean {
  return /date|time/i.test(column?.type ?? '');
}

function isBoolean(column: EngineColumn | undefined): boolean {
  return /^bool/i.test(column?.type ?? '');
}

/** The text of a column as it is shown: an engine may keep truth as 0 and 1. */
function toText(of: EngineColumn | undefined, column: number): string {
  const name = toName(column);
  return isBoolean(of) ? `case when ${name} is null then null when ${name} then 'true' else 'false' end` : `cast(${name} as varchar)`;
}

/** Rows that are equal in what they are sorted by keep the order that they have, so that pages fit together. */
function toOrder({ sort }: ResultView): string {
  return sort === undefined ? '' : ` order by ${toName(sort.column)} ${sort.descending ? 'desc' : 'asc'} nulls last, rowid`;
}
