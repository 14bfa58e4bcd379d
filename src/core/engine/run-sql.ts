import type { Dialect } from '../sql/dialect.ts';
import type { Query } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { Span } from '../text/span.ts';
import type { TranslateOptions } from '../translate/context.ts';
import { formatInterval } from '../translate/runtime/interval.ts';
import type { KnownTable } from '../translate/table.ts';
import { type Translation, translate } from '../translate/translate.ts';
import { formatType, type ValueType } from '../translate/value-type.ts';
import type { Cell, Engine, EngineColumn } from './engine.ts';

/** A text of SQL made ready for the engine, or the sentence that says why it is not. */
export type Prepared =
  | {
      readonly kind: 'ready';
      readonly sql: string;
      readonly columns: readonly { readonly name: string; readonly type: ValueType }[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string; readonly span: Span };

/** Parses and translates the last query of a text; `tables` maps names, case ignored, with or without their qualifiers. */
export async function prepareSql(
  text: string,
  dialect: Dialect,
  tables: ReadonlyMap<string, KnownTable>,
  now: string,
  engine?: Engine,
  to?: Engine['capabilities']['dialect'],
): Promise<Prepared> {
  const parsed = parseSql(text, dialect);
  const query = findModelQuery(parsed);
  const [problem] = parsed.problems;
  if (query === undefined)
    return {
      kind: 'refused',
      message: problem === undefined ? 'There is no query in this text.' : `${problem.message}.`,
      span: problem?.span ?? { start: 0, end: text.length },
    };
  const translated = await translateAsking(engine, query, {
    dialect,
    ...(to === undefined ? {} : { engine: to }),
    now,
    table: (parts) => {
      const names = parts.map((part) => part.text.toLowerCase());
      for (let i = 0; i < names.length; i++) {
        const found = tables.get(names.slice(i).join('.'));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    tableNames: () => tables.keys(),
  });
  if (translated.kind === 'refused')
    return {
      kind: 'refused',
      message: translated.alternative === undefined ? translated.message : `${translated.message} ${translated.alternative}`,
      span: translated.span,
    };
  return { kind: 'ready', sql: translated.sql, columns: translated.columns, notes: translated.notes };
}

/** Translates a query; what it has to know of the data first, such as the values that a PIVOT finds, the engine is asked. */
export async function translateAsking(
  engine: Engine | undefined,
  query: Query,
  options: TranslateOptions,
): Promise<Exclude<Translation, { readonly kind: 'asks' }>> {
  const answers = new Map<string, readonly (readonly (string | number | null)[])[]>();
  for (let round = 0; round < 100; round++) {
    const translated = translate(query, {
      engine: engine?.capabilities.dialect ?? 'sqlite',
      ...options,
      answer: (sql) => answers.get(sql),
    });
    if (translated.kind !== 'asks') return translated;
    const { span } = translated;
    if (engine === undefined)
      return { kind: 'refused', message: 'The columns of this PIVOT are values of the data, which no engine holds here.', span };
    const { rows } = await engine.query(translated.sql, { offset: 0, limit: maxFound + 1 });
    if (rows.length > maxFound)
      return {
        kind: 'refused',
        message: `This PIVOT finds more than ${maxFound} values in the data.`,
        span,
        alternative: 'Name them in IN (…).',
      };
    answers.set(
      translated.sql,
      rows.map((row) => row.map((cell) => (typeof cell === 'number' || typeof cell === 'string' || cell === null ? cell : String(cell)))),
    );
  }
  return { kind: 'refused', message: 'This query asks too many questions about its data.', span: query.span };
}

/** So many columns may a PIVOT make of what it finds. */
const maxFound = 500;

/** A stored value as results show it: booleans as such, nested NULLs as NULL, decimals without the noise of doubles. */
export function toCell(value: Cell, type: ValueType): Cell {
  if (value === null) return null;
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'number' ? value !== 0 : value;
    case 'decimal':
      // A whole number that a double holds has no noise, and may have sixteen digits.
      return typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(15)) : value;
    case 'variant':
    case 'json':
      return value === 'null' ? null : value;
    case 'interval':
      return typeof value === 'string' ? formatInterval(value) : value;
    default:
      return value;
  }
}

export function toEngineColumns(columns: readonly { readonly name: string; readonly type: ValueType }[]): EngineColumn[] {
  return columns.map((column) => ({ name: column.name, type: formatType(column.type) }));
}
