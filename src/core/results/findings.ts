import type { Cell } from '../engine/engine.ts';
import { isTemporal } from '../translate/value-type.ts';
import type { ColumnFacts } from './column-facts.ts';
import { type Groups, readNumbers, readValues, type ValueCount } from './groups.ts';

/** From this many values on, few exceptions stand out. */
const enoughValues = 20;

/** Rows of few different values are read one by one against what is accepted. */
const valuesHeld = 500;

/** Dates that often stand for one that is missing. */
const placeholders = ['1900-01-01', '1970-01-01', '9999-12-31'];

/** What stands out in a column whatever its type: constant, nearly unique, against what is declared, dates to come. */
export async function findInColumn(groups: Groups, facts: ColumnFacts | undefined, now: string): Promise<readonly string[]> {
  const { rowCount, present, distinct } = groups;
  const nulls = rowCount - present;
  const found: string[] = [];
  if (rowCount === 0) return found;
  if (nulls > 0 && facts?.notNull !== undefined)
    found.push(`${count(nulls, 'NULL')}, although not_null is declared in ${facts.notNull.where}.`);
  if (present === 0) found.push('Every value is NULL.');
  else if (distinct === 1 && rowCount > 1)
    found.push(`Constant: ${nulls === 0 ? 'every value' : 'every value that is not NULL'} is ${show(groups.min)}.`);
  found.push(...(await findRepeated(groups, facts)));
  if (facts?.accepted !== undefined) found.push(...(await findUnaccepted(groups, facts.accepted)));
  if (isTemporal(groups.type)) found.push(...(await findMoments(groups, now)));
  return found;
}

async function findRepeated(groups: Groups, facts: ColumnFacts | undefined): Promise<readonly string[]> {
  const { present, distinct } = groups;
  // Times and measures that coincide mean nothing.
  const mayBeKey = groups.type.kind === 'string' || groups.type.kind === 'integer';
  const isNearly = mayBeKey && present >= enoughValues && distinct / present >= 0.98;
  if (distinct === present || (!isNearly && facts?.unique === undefined)) return [];
  const [repeated = 0] = await readNumbers(groups, `select count(*) from ${groups.from} where n > 1`);
  const [first] = await readValues(groups, 1, 'n > 1');
  const example = first === undefined ? '' : ` (${show(first.value)} ${first.count} times)`;
  const what = `${count(repeated, 'value')} ${repeated === 1 ? 'appears' : 'appear'} more than once${example}`;
  return [facts?.unique === undefined ? `Nearly unique: ${what}.` : `${what}, although unique is declared in ${facts.unique.where}.`];
}

async function findUnaccepted(groups: Groups, accepted: NonNullable<ColumnFacts['accepted']>): Promise<readonly string[]> {
  const allowed = new Set(accepted.values);
  if (groups.type.kind === 'boolean') for (const value of accepted.values) allowed.add(value.toLowerCase());
  const values = await readValues(groups, valuesHeld);
  const outside = values.filter(
    ({ value }) => !allowed.has(String(value)) && !(typeof value === 'number' && accepted.values.some((one) => Number(one) === value)),
  );
  if (outside.length === 0) return [];
  const more = groups.distinct > valuesHeld ? 'At least ' : '';
  return [`${more}${count(outside.length, 'value')} outside accepted_values of ${accepted.where}: ${list(outside)}.`];
}

async function findMoments(groups: Groups, now: string): Promise<readonly string[]> {
  const found: string[] = [];
  const text = 'cast(v as varchar)';
  const today = now.slice(0, 10);
  const behind = groups.type.kind === 'date' ? `${text} > '${today}'` : `${text} > '${now}'`;
  const [future = 0] = await readNumbers(groups, `select coalesce(sum(n), 0) from ${groups.from} where ${behind} and ${text} < '9999'`);
  const word = groups.type.kind === 'date' ? 'date' : 'moment';
  if (future > 0) found.push(`${count(future, word)} in the future: after ${today}, up to ${show(groups.max)}.`);
  for (const day of placeholders) {
    const [rows = 0] = await readNumbers(groups, `select coalesce(sum(n), 0) from ${groups.from} where ${text} like '${day}%'`);
    if (rows > 0 && groups.distinct > 1) found.push(`${count(rows, 'row')} with ${day}, which often stands for a missing date.`);
  }
  return found;
}

/** What stands out among numbers: values far from all others, a few below zero. */
export async function findInNumbers(groups: Groups): Promise<readonly string[]> {
  const { present, distinct, from, min, max } = groups;
  if (present < enoughValues || distinct < 10) return [];
  const found: string[] = [];
  const [below = 0] = await readNumbers(groups, `select coalesce(sum(n), 0) from ${from} where v < 0`);
  if (below > 0 && below / present <= 0.01) found.push(`${count(below, 'value')} below zero, down to ${show(min)}; all others are not.`);
  const quartile = (share: number): string => `(select min(v) from ranked where upto >= ${Math.ceil(present * share)})`;
  const ranked = `with ranked as (select v, sum(n) over (order by v) as upto from ${from})`;
  const [low = 0, high = 0] = await readNumbers(groups, `${ranked} select ${quartile(0.25)}, ${quartile(0.75)}`);
  const far = 3 * (high - low);
  if (far === 0) return found;
  const [above = 0, under = 0] = await readNumbers(
    groups,
    `select coalesce(sum(case when v > ${high + far} then n end), 0), coalesce(sum(case when v < ${low - far} then n end), 0) from ${from}`,
  );
  const outliers = above + under;
  if (outliers > 0 && outliers / present <= 0.01)
    found.push(
      `${count(outliers, 'outlier')}: half of the values lie between ${show(low)} and ${show(high)}, ${above > 0 ? `but the greatest is ${show(max)}` : `but the least is ${show(min)}`}.`,
    );
  return found;
}

/** `1 row`, `1,200 rows`. */
export function count(number: number, word: string): string {
  return `${number.toLocaleString('en-US')} ${word}${number === 1 ? '' : 's'}`;
}

/** A value as a sentence shows it. */
export function show(value: Cell): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return /^\d{4}-\d\d-\d\d/.test(value) ? value : `'${value.length > 40 ? `${value.slice(0, 39)}…` : value}'`;
}

/** A few values with how many rows have each. */
export function list(values: readonly ValueCount[], most = 3): string {
  const shown = values.slice(0, most).map(({ value, count: rows }) => `${show(value)} (${count(rows, 'row')})`);
  return values.length > most ? `${shown.join(', ')} and ${values.length - most} more` : shown.join(', ');
}
