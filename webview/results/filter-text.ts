import type { ColumnFilter } from '../../src/protocol.ts';
import type { CellKind } from './cells.ts';

/** What can be typed into the filter of a column, by its kind. */
export function toFilterHint(kind: CellKind): string {
  if (kind === 'number') return '5 · >=2 · 2..3 · 1, 2 · !=4 · is null · is not null';
  if (kind === 'date') return '2024-01 · >=2024-01-15 · 2024-01..2024-03 · is null · is not null';
  if (kind === 'boolean') return 'true · false · is null · is not null';
  return 'text · =exact · !text · start* · *end · =a, b · is null · =""';
}

/** What a filter field says: no filter, one, or why the text is none. */
export type FilterReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'filter'; readonly filter: ColumnFilter }
  | { readonly kind: 'unclear'; readonly problem: string };

const comparisons = [
  ['>=', 'at least'],
  ['<=', 'at most'],
  ['!=', 'none of'],
  ['<>', 'none of'],
  ['=', 'one of'],
  ['>', 'greater'],
  ['<', 'less'],
] as const;

/** Reads what was typed into the filter of a column. */
export function readFilter(column: number, kind: CellKind, text: string): FilterReading {
  const wanted = text.trim();
  if (wanted === '') return { kind: 'none' };
  const give = (operator: ColumnFilter['operator'], ...values: readonly string[]): FilterReading => ({
    kind: 'filter',
    filter: { column, operator, values },
  });
  const empty = /^(?:is\s+)?(not\s+)?null$/i.exec(wanted);
  if (empty !== null) return give(empty[1] === undefined ? 'null' : 'not null');
  const isOrdered = kind === 'number' || kind === 'date';
  const range = isOrdered ? /^(.*?)\s*\.\.\s*(.*)$/.exec(wanted) : null;
  if (range !== null) return readRange(give, kind, range[1] ?? '', range[2] ?? '');
  const signed = comparisons.find(([sign]) => wanted.startsWith(sign));
  if (signed !== undefined) {
    const [sign, operator] = signed;
    const values =
      operator === 'one of' || operator === 'none of' ? splitList(wanted.slice(sign.length)) : [unquote(wanted.slice(sign.length))];
    if (values.some((value) => value === undefined)) return unclear(`Write a value after ${sign}.`);
    return checked(kind, give(operator, ...(values as string[])));
  }
  if (isOrdered || kind === 'boolean') {
    const values = splitList(wanted);
    if (values.some((value) => value === undefined)) return unclear('A value is missing beside a comma.');
    return checked(kind, give('one of', ...(values as string[])));
  }
  return readText(give, wanted);
}

type Give = (operator: ColumnFilter['operator'], ...values: readonly string[]) => FilterReading;

function readRange(give: Give, kind: CellKind, low: string, high: string): FilterReading {
  if (low === '' && high === '') return unclear('Write a range as 2..3, 2.. or ..3.');
  if (low === '') return checked(kind, give('at most', high));
  if (high === '') return checked(kind, give('at least', low));
  return checked(kind, give('between', low, high));
}

/** Text as it stands, with `!` before what must not occur, and `*` for anything. */
function readText(give: Give, wanted: string): FilterReading {
  const isNot = wanted.startsWith('!');
  const rest = isNot ? wanted.slice(1).trim() : wanted;
  if (rest === '') return unclear('Write the text that must not occur after the exclamation mark.');
  const quoted = /^"(.*)"$/s.exec(rest)?.[1];
  if (quoted === undefined && rest.includes('*')) return give(isNot ? 'unlike' : 'like', rest);
  return give(isNot ? 'not contains' : 'contains', quoted ?? rest);
}

/** The values of a comma-separated list; undefined for one that is missing. A value in double quotes is taken as it is. */
function splitList(text: string): (string | undefined)[] {
  const parts = text.match(/"[^"]*"|[^,]+|,/g) ?? [];
  const values: string[] = [''];
  for (const part of parts) {
    if (part === ',') values.push('');
    else values[values.length - 1] += part;
  }
  return values.map(unquote);
}

function unquote(text: string): string | undefined {
  const trimmed = text.trim();
  const quoted = /^"(.*)"$/s.exec(trimmed)?.[1];
  return quoted ?? (trimmed === '' ? undefined : trimmed);
}

/** Refuses values that no cell of the column's kind can have. */
function checked(kind: CellKind, reading: FilterReading): FilterReading {
  if (reading.kind !== 'filter') return reading;
  const fits = { number: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, date: /^-?\d{1,6}(?:-|:|$)|^\d/, boolean: /^(?:true|false)$/i };
  const pattern = kind === 'number' || kind === 'date' || kind === 'boolean' ? fits[kind] : undefined;
  const wrong = pattern === undefined ? undefined : reading.filter.values.find((value) => !pattern.test(value));
  if (wrong === undefined) return reading;
  const example = kind === 'number' ? '>=2, 2..3 or 1, 2' : kind === 'date' ? '>=2024-01-15 or 2024-01..2024-03' : 'true or false';
  return unclear(`'${wrong}' is not a ${kind}. Try ${example}.`);
}

function unclear(problem: string): FilterReading {
  return { kind: 'unclear', problem };
}

/** A filter in words, for the line that says what is shown. */
export function describeFilter(name: string, { operator, values }: ColumnFilter): string {
  const [first = '', second = ''] = values;
  const list = values.map((value) => (value === '' ? 'empty' : value));
  const any = list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
  switch (operator) {
    case 'null':
      return `${name} is NULL`;
    case 'not null':
      return `${name} is not NULL`;
    case 'one of':
      return `${name} is ${any}`;
    case 'none of':
      return `${name} is not ${any}`;
    case 'between':
      return `${name} from ${first} to ${second}`;
    case 'like':
      return `${name} matches ${first}`;
    case 'unlike':
      return `${name} does not match ${first}`;
    case 'not contains':
      return `${name} does not contain ${first}`;
    default:
      return `${name} ${{ contains: 'contains', greater: '>', less: '<', 'at least': '≥', 'at most': '≤' }[operator]} ${first}`;
  }
}
