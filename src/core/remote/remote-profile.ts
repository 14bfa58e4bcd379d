import type { Cell } from '../engine/engine.ts';
import type { Question } from '../engine/preview.ts';
import type { ColumnFacts } from '../results/column-facts.ts';
import type { ColumnProfile, TableProfile } from '../results/profile.ts';
import type { RemoteAnswer, RemoteSession } from './remote-session.ts';
import { quote } from './statements.ts';

/** What the values of a question look like where the data is; an answer that failed says why. */
export type RemoteProfile =
  | { readonly kind: 'profile'; readonly profile: TableProfile; readonly notes: readonly string[] }
  | Extract<RemoteAnswer, { readonly kind: 'failed' }>;

const valuesListed = 10;
const isNumber = /^(?:u?(?:tiny|small|big|huge)?int|integer|numeric|decimal|real|float|double)/i;
/** Types with an order of their own that every database compares. */
const isOrdered = /^(?:u?(?:tiny|small|big|huge)?int|integer|numeric|decimal|real|float|double|date|time|char|varchar|text)/i;

/** Counts every column there: one query for all of them, and one for the most frequent values of each. */
export async function profileRemotely(
  session: RemoteSession,
  question: Question,
  factsOf: (columns: readonly string[]) => ReadonlyMap<string, ColumnFacts> | undefined,
): Promise<RemoteProfile> {
  const first = await session.preview(question, { rows: 1, counted: 0 });
  if (first.kind === 'failed') return first;
  const { columns } = first.result;
  const ask = (select: string, rows: number): Promise<RemoteAnswer> => {
    const head = `with hw_all(${columns.map((_, i) => `c${i}`).join(', ')}) as (\n`;
    return session.ask(question, { rows, counted: 0 }, (sql) => `${head}${sql.replace(/[;\s]+$/, '')}\n) ${select}`);
  };
  const parts = columns.flatMap(({ type }, i) => [
    `count(c${i})`,
    `count(distinct cast(c${i} as varchar))`,
    isOrdered.test(type) ? `min(c${i})` : 'null',
    isOrdered.test(type) ? `max(c${i})` : 'null',
    isNumber.test(type) ? `cast(avg(c${i}) as double precision)` : 'null',
  ]);
  const counted = await ask(`select ${['count(*)', ...parts].join(', ')} from hw_all`, 1);
  if (counted.kind === 'failed') return counted;
  const [rowCount = 0, ...figures] = counted.result.rows[0] ?? [];
  const facts = factsOf(columns.map(({ name }) => name));
  const profiles: ColumnProfile[] = [];
  for (const [i, { name, type }] of columns.entries()) {
    const [present, distinct, min = null, max = null, mean = null] = figures.slice(i * 5, i * 5 + 5);
    const top = await ask(
      `select c${i}, count(*) as n from hw_all where c${i} is not null group by c${i} order by n desc, c${i} limit ${valuesListed}`,
      valuesListed,
    );
    const values = top.kind === 'rows' ? top.result.rows.map(([value = null, n]) => [value, Number(n)] as const) : [];
    const of = { present: Number(present), distinct: Number(distinct), nulls: Number(rowCount) - Number(present), rows: Number(rowCount) };
    profiles.push({
      name,
      type,
      nulls: of.nulls,
      distinct: of.distinct,
      unique: of.present > 0 && of.distinct === of.present,
      min,
      max,
      mean: mean === null ? null : Number(mean),
      top: values,
      findings: find(of, values, facts?.get(name.toLowerCase())),
    });
  }
  return { kind: 'profile', profile: { rowCount: Number(rowCount), columns: profiles }, notes: first.notes };
}

interface Counts {
  readonly rows: number;
  readonly present: number;
  readonly distinct: number;
  readonly nulls: number;
}

function find(
  { rows, present, distinct, nulls }: Counts,
  top: readonly (readonly [Cell, number])[],
  facts: ColumnFacts | undefined,
): readonly string[] {
  if (rows === 0) return [];
  const found: string[] = [];
  if (nulls > 0 && facts?.notNull !== undefined)
    found.push(`${nulls === 1 ? '1 NULL' : `${nulls} NULLs`}, although not_null is declared in ${facts.notNull.where}.`);
  if (present === 0) found.push('Every value is NULL.');
  else if (distinct === 1 && rows > 1)
    found.push(`Constant: ${nulls === 0 ? 'every value' : 'every value that is not NULL'} is ${quote(String(top[0]?.[0] ?? ''))}.`);
  if (distinct < present && facts?.unique !== undefined)
    found.push(`${present - distinct} more values than different ones, although unique is declared in ${facts.unique.where}.`);
  return found;
}
