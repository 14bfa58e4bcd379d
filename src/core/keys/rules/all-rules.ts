import { averageOfAverages } from './averages.ts';
import { integerDivision } from './division.ts';
import { fanOut } from './fan-out.ts';
import { notInNull } from './not-in-null.ts';
import { outerJoinCount, outerJoinFiltered } from './outer-joins.ts';
import type { Rule } from './rule.ts';
import { scdJoin } from './scd-join.ts';
import { semiAdditiveSum } from './semi-additive.ts';
import { unionRows } from './unions.ts';

/** A rule as it is listed: `chasm-trap` is found on the way of `fan-out`. */
export interface ListedRule {
  readonly code: Rule['code'];
  readonly title: string;
  readonly advice: string;
}

/** Every rule about the rows of queries. */
export const rules: readonly Rule[] = [
  fanOut,
  scdJoin,
  semiAdditiveSum,
  averageOfAverages,
  outerJoinFiltered,
  outerJoinCount,
  notInNull,
  unionRows,
  integerDivision,
];

/** The rules as people read them. */
export const listedRules: readonly ListedRule[] = [
  fanOut,
  {
    code: 'chasm-trap',
    title: 'Two relations are joined to the same rows, and each repeats the other',
    advice: 'Aggregate each of them in a CTE of its own first.',
  } as const,
  ...rules.slice(1),
].map(({ code, title, advice }) => ({ code, title, advice }));
