import { count, list, show } from './findings.ts';
import { type Groups, readNumbers, readValues, type ValueCount } from './groups.ts';

/** So many different values are compared with each other one by one. */
const valuesCompared = 2000;

/** A value that occurs so many times less often than its neighbour may be a slip of the pen. */
const rarer = 20;

/** What stands out among texts: empty ones, blanks around them, numbers and dates stored as text, values that differ in case or little else. */
export async function findInTexts(groups: Groups): Promise<readonly string[]> {
  const { present, from } = groups;
  if (present === 0) return [];
  const found: string[] = [];
  const counts = await readNumbers(
    groups,
    `select coalesce(sum(case when trim(v) = '' then n end), 0), coalesce(sum(case when trim(v) <> v and trim(v) <> '' then n end), 0),
      coalesce(sum(case when trim(v, '0123456789') = '' or (trim(v, '0123456789.-+') = '' and length(replace(v, '.', '')) >= length(v) - 1) then n end), 0),
      coalesce(sum(case when length(v) >= 10 and substr(v, 5, 1) = '-' and substr(v, 8, 1) = '-' and trim(v, '0123456789-:T .Z') = '' then n end), 0),
      max(length(v)) from ${from}`,
  );
  const [empty = 0, padded = 0, numbers = 0, dates = 0, longest = 0] = counts;
  const nulls = groups.rowCount - present;
  if (empty > 0) found.push(`${count(empty, 'empty text')}${nulls > 0 ? ` beside ${count(nulls, 'NULL')}` : ''}.`);
  if (padded > 0) {
    const [example] = await readValues(groups, 1, `trim(v) <> v and trim(v) <> ''`);
    found.push(`${count(padded, 'value')} with spaces before or after${example === undefined ? '' : `, such as ${show(example.value)}`}.`);
  }
  const filled = present - empty;
  if (filled > 0 && longest <= 40) {
    if (dates === filled) found.push('Dates stored as text.');
    else if (numbers === filled && (await areNumbers(groups))) found.push('Numbers stored as text.');
  }
  if (groups.distinct > 1) found.push(...(await findAlike(groups)));
  return found;
}

/** Codes such as 00123 are no numbers. */
async function areNumbers(groups: Groups): Promise<boolean> {
  const values = await readValues(groups, valuesCompared);
  return values.every(({ value }) => String(value).trim() === '' || /^[-+]?(0|[1-9]\d*)?(\.\d+)?$/.test(String(value).trim()));
}

async function findAlike(groups: Groups): Promise<readonly string[]> {
  if (groups.distinct > valuesCompared) {
    const [folded = 0] = await readNumbers(groups, `select count(distinct lower(trim(v))) from ${groups.from}`);
    const same = groups.distinct - folded;
    return same === 0
      ? []
      : [`Mixed case: ${count(same, 'value')} ${same === 1 ? 'differs' : 'differ'} from another only in case or in spaces around it.`];
  }
  const values = await readValues(groups, valuesCompared);
  const found: string[] = [];
  const byCase = pairs(values, (text) => text.toLowerCase());
  if (byCase.length > 0)
    found.push(
      `Mixed case: ${byCase
        .map((same) => list(same))
        .slice(0, 2)
        .join('; ')}${byCase.length > 2 ? '; …' : ''}.`,
    );
  const inCase = new Set(byCase.flat());
  const loose = pairs(
    values.filter((one) => !inCase.has(one)),
    (text) =>
      text
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ''),
  ).filter((same) => new Set(same.map(({ value }) => String(value).trim())).size > 1);
  const slips = findSlips(values.filter((one) => !inCase.has(one)));
  const near = [...loose, ...slips];
  if (near.length > 0)
    found.push(
      `Near-duplicates: ${near
        .map((same) => list(same))
        .slice(0, 2)
        .join('; ')}${near.length > 2 ? '; …' : ''}.`,
    );
  return found;
}

/** Values that become the same text. */
function pairs(values: readonly ValueCount[], fold: (text: string) => string): readonly (readonly ValueCount[])[] {
  const groups = new Map<string, ValueCount[]>();
  for (const one of values) {
    const key = fold(String(one.value));
    if (key === '') continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Rare words that are one letter away from a frequent one; in columns of many values every word has a neighbour. */
function findSlips(values: readonly ValueCount[]): readonly (readonly ValueCount[])[] {
  if (values.length > 200) return [];
  const words = values.filter(({ value }) => /^[\p{L} _-]{5,40}$/u.test(String(value)));
  return words.flatMap((rare) => {
    const neighbour = words.find(
      (other) => other.count >= rare.count * rarer && isOneSlip(String(rare.value).toLowerCase(), String(other.value).toLowerCase()),
    );
    return neighbour === undefined ? [] : [[neighbour, rare]];
  });
}

/** Whether one letter added, dropped, changed, or two swapped turn one word into the other. */
function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}
