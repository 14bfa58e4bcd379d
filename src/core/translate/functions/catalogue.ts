import { type Dialect, dialects } from '../../sql/dialect.ts';
import { aggregateNames } from '../emit-aggregate.ts';
import { specialNames } from '../emit-special.ts';
import { allRules } from './all.ts';

const shown: readonly Dialect[] = dialects.filter(
  (dialect) => dialect !== 'generic' && dialect !== 'spark' && dialect !== 'hive' && dialect !== 'athena',
);

/** The table of functions and dialects that `docs/dialects.md` holds: exact, approximate with the reason, refused with the reason. */
export function functionCatalogue(): string {
  const names = [...new Set(allRules.flatMap((rule) => rule.names))].sort();
  const lines = [
    '# Functions by dialect',
    '',
    'What a preview computes, in both engines alike ([engines.md](engines.md)). `=` is exact, `~` approximate (the note says how), `–` refused before anything runs, empty: unknown in that dialect, and refused by name.',
    'Spark and Hive are as Databricks, Athena is as Trino. This file is written by `node scripts/dialects.mjs`.',
    '',
    `| function | ${shown.join(' | ')} | note |`,
    `|---|${shown.map(() => '---').join('|')}|---|`,
  ];
  for (const name of names) {
    const rules = allRules.filter((rule) => rule.names.includes(name));
    const cells = shown.map((dialect) => {
      const rule = rules.find((candidate) => candidate.dialects.has(dialect));
      return rule === undefined ? '' : rule.refused !== undefined ? '–' : rule.approximate !== undefined ? '~' : '=';
    });
    const note = rules.flatMap((rule) => rule.refused ?? rule.approximate ?? [])[0] ?? '';
    lines.push(`| ${name} | ${cells.join(' | ')} | ${note} |`);
  }
  lines.push(
    '',
    '## In every dialect',
    '',
    `Functions whose arguments or meaning differ by dialect in ways that no table says: ${[...specialNames].sort().join(', ')}.`,
    '',
    `Aggregates: ${[...aggregateNames].sort().join(', ')}.`,
    '',
    '## Forms of queries',
    '',
    'Beside functions: PIVOT over named values, over ANY and over the values a query finds; UNPIVOT; QUALIFY; CONNECT BY with LEVEL, PRIOR, CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH; recursive CTEs;',
    'GROUPING SETS, ROLLUP and CUBE, nested too; frames of ROWS, RANGE and GROUPS with exclusions, and of RANGE over days and months; LATERAL FLATTEN with path, mode, outer and recursive; UNNEST, EXPLODE, STACK and OPENJSON.',
    '',
    '## What this rests on',
    '',
    'The examples of the documentation with the outputs it shows, for BigQuery, Snowflake, Redshift, Databricks, Trino and T-SQL (`test/core/translate`), and comparisons with a running PostgreSQL 15 and DuckDB (`test/core/differential`).',
    'A `=` for a dialect that is not compared with its server is what its documentation says.',
    '',
    '## What is stored, and what is not exact',
    '',
    'Decimals are the doubles nearest to them, brought back to their scale after every step: exact to 15 digits. Collations are binary. Moments with a zone are',
    'kept in UTC, which is the session’s zone. In regular expressions `\\w` and `\\b` know the letters of ASCII, as RE2 does; PostgreSQL’s know all. Approximate aggregates (APPROX_COUNT_DISTINCT and its like) are exact. Each of these is noted beside a result that it can touch.',
    '',
  );
  return lines.join('\n');
}
