import type { Dialect } from '../../sql/dialect.ts';
import { dialects } from '../../sql/dialect.ts';

/**
 * How one function of some dialects is written for the engine. `parameters` is a letter for each argument, the kind that it is brought to:
 * `s` text, `i` integer, `n` number, `d` date, `t` timestamp, `T` a date or timestamp as it is, `b` boolean, `j` JSON or variant, `a` array,
 * `v` interval, `y` bytes or text, `c` time, `x` anything; `u` a unit of dates (its canonical name), `p` a part of dates (as EXTRACT reads
 * them), `k` a constant text; `?` makes an argument optional, `*` repeats it. `result` is such a letter, a digit for the type of that
 * argument, `=` for the type that all share, `e` for the element of the first argument, `A` for an array of the type that all share, `D` for
 * date-or-timestamp like the first temporal argument, `G` for a decimal where an argument is one and none is a double, else a double, `N` for the numeric type of the first argument, `m` for text like the array's.
 * In `body`, `{2}` is an argument, `{2|'x'}` has a default, `{2*}` is that and all that follow, `{k2}` the kind of an argument's type, `{b1}` the bits
 * of an integer argument, `{ke}` the kind of the first array's elements, `{w}` the day its unit's week begins on, `{D}` the kind of `D`; no body calls `hw_` and the first name.
 */
export interface Rule {
  readonly names: readonly string[];
  readonly dialects: ReadonlySet<Dialect>;
  readonly parameters: string;
  readonly result: string;
  readonly body: string;
  /** Set where the result can differ from the warehouse's: how. It is shown with every preview that uses the function. */
  readonly approximate?: string;
  /** Set where the function is refused: why, and what can be done instead. */
  readonly refused?: string;
}

const abbreviations: Readonly<Record<string, readonly Dialect[]>> = {
  bq: ['bigquery'],
  sf: ['snowflake'],
  rs: ['redshift'],
  pg: ['postgres'],
  db: ['databricks', 'spark', 'hive'],
  dd: ['duckdb'],
  tr: ['trino', 'athena'],
  ts: ['tsql'],
  my: ['mysql'],
  ch: ['clickhouse'],
  or: ['oracle'],
  sq: ['sqlite'],
  ge: ['generic'],
};

function toDialects(text: string): ReadonlySet<Dialect> {
  if (text === '*') return new Set(dialects);
  return new Set(text.split(' ').flatMap((word) => abbreviations[word] ?? []));
}

export type RuleRow = readonly [dialects: string, names: string, parameters: string, result: string, body?: string, approximate?: string];

/** Rules from rows of a table: dialects (two letters each, `*` for all), names, parameters, result, body, note. */
export function rules(rows: readonly RuleRow[]): Rule[] {
  return rows.map(([where, names, parameters, result, body, approximate]) => {
    const list = names.split(' ');
    return {
      names: list,
      dialects: toDialects(where),
      parameters,
      result,
      body: body ?? `hw_${list[0]}({*})`,
      ...(approximate === undefined ? {} : { approximate }),
    };
  });
}

/** Rules for what is refused: dialects, names, reason. */
export function refusals(rows: readonly (readonly [dialects: string, names: string, refused: string])[]): Rule[] {
  return rows.map(([where, names, refused]) => ({
    names: names.split(' '),
    dialects: toDialects(where),
    parameters: 'x*',
    result: 'x',
    body: '',
    refused,
  }));
}
