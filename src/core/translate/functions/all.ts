import type { Dialect } from '../../sql/dialect.ts';
import { dateRules, textOfDates } from './dates.ts';
import { duckdbRules } from './duckdb.ts';
import { arrayRules, jsonRules } from './nested.ts';
import { numberRules } from './numbers.ts';
import { postgresRules } from './postgres.ts';
import { redshiftRules } from './redshift.ts';
import type { Rule } from './rule.ts';
import { snowflakeRules } from './snowflake.ts';
import { sparkRules } from './spark.ts';
import { regexRules, stringRules } from './strings.ts';
import { trinoRules } from './trino.ts';
import { tsqlRules } from './tsql.ts';

/** Every rule, those of one dialect before those of all. */
export const allRules: readonly Rule[] = [
  ...postgresRules,
  ...duckdbRules,
  ...snowflakeRules,
  ...redshiftRules,
  ...sparkRules,
  ...trinoRules,
  ...tsqlRules,
  ...stringRules,
  ...regexRules,
  ...dateRules,
  ...textOfDates,
  ...numberRules,
  ...jsonRules,
  ...arrayRules,
];

const byDialect = new Map<Dialect, Map<string, Rule[]>>();

function rulesOf(dialect: Dialect): Map<string, Rule[]> {
  let found = byDialect.get(dialect);
  if (found === undefined) {
    found = new Map();
    const own = allRules.filter((rule) => rule.dialects.has(dialect)).sort((a, b) => a.dialects.size - b.dialects.size);
    for (const rule of own) for (const name of rule.names) found.set(name, [...(found.get(name) ?? []), rule]);
    byDialect.set(dialect, found);
  }
  return found;
}

/** The rule for a function with so many arguments; without one that fits, the first by that name, whose arguments are then found wrong. */
export function findRule(dialect: Dialect, name: string, count: number): Rule | undefined {
  const found = rulesOf(dialect).get(name) ?? (dialect === 'generic' ? allRules.filter((rule) => rule.names.includes(name)) : undefined);
  return found?.find((rule) => takes(rule, count)) ?? found?.[0];
}

function takes(rule: Rule, count: number): boolean {
  const letters = [...rule.parameters.matchAll(/[A-Za-z]([?*]?)/g)].map((match) => match[1]);
  const least = letters.filter((mark) => mark === '').length;
  return count >= least && (letters.includes('*') || count <= letters.length);
}

export function functionNames(dialect: Dialect): Iterable<string> {
  return rulesOf(dialect).keys();
}
