import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analyzer } from '../../src/core/analyze.ts';
import { readJsonTable } from '../../src/core/data/json-table.ts';
import { renderCase } from '../../src/core/dbt/jinja-case.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { prepareSql } from '../../src/core/engine/run-sql.ts';
import { readCsvTable } from '../../src/core/engine/seed-rows.ts';
import { traceScript } from '../../src/core/lineage/script.ts';
import { readCsv } from '../../src/core/project/csv.ts';
import { sniffCsv } from '../../src/core/project/csv-columns.ts';
import { readMarkdownDictionary } from '../../src/core/project/markdown-dictionary.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { dialects } from '../../src/core/sql/dialect.ts';
import { parseSql } from '../../src/core/sql/parse.ts';
import type { KnownTable } from '../../src/core/translate/table.ts';
import { types } from '../../src/core/translate/value-type.ts';
import { connect } from '../../src/wire.ts';
import { openTables } from './engines.ts';
import type { Kind } from './kinds.ts';
import { mutateText } from './mutate.ts';

const encoder = new TextEncoder();
const toText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The texts of files below a folder. */
function read(folder: string, ending: RegExp, most = 200): readonly string[] {
  const paths = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => ending.test(path) && !path.includes('node_modules'));
  return paths.slice(0, most).map((path) => readFileSync(join(folder, path), 'utf8').slice(0, 3000));
}

function ofTexts(seeds: () => readonly string[], words: readonly string[], run: (text: string) => string | Promise<string>): Kind {
  return {
    seeds: () => seeds().map((text) => encoder.encode(text)),
    mutate: (input, other, random) => encoder.encode(mutateText(toText(input), toText(other), words, random)),
    run: (input) => run(toText(input)),
  };
}

const sqlWords =
  'select from where group by order having qualify window over partition rows between unbounded preceding and current row limit offset union all intersect except join left right full outer cross lateral on using as with recursive case when then else end cast :: null is not in exists like ilike similar to between distinct array struct map interval date timestamp extract unnest flatten pivot unpivot values insert into merge update delete create table view if filter within grouping sets rollup cube * , ( ) . ; = <> < > || -> ->> @> $$ ? :x @v #t 1 0.1 1e9 \'a\' "b" `c` [d] -- /* */ coalesce count sum max row_number lag date_trunc datediff json_extract regexp_replace split string_agg try_cast safe_cast'.split(
    ' ',
  );

const jinjaWords =
  "{{ }} {% %} {# #} {%- -%} if elif else endif for in endfor set endset macro endmacro call endcall filter endfilter do raw endraw is not defined none true false loop.index loop.last namespace() range(9) ref('a') source('a','b') var('x') config(materialized='table') this target.name env_var('H') adapter.dispatch('m') return(1) caller() varargs kwargs | tojson | upper | join(',') | sort | groupby('a') | map(attribute='x') | list | length | default(1) ~ ** // % [1:2] .items() .append(1) .format(1) modules.re modules.datetime run_query('select 1') execute log(1) exceptions.raise_compiler_error('x') fromyaml('a: 1') 'x' * 9".split(
    ' ',
  );

const yamlWords =
  "models: sources: - name: x columns: data_tests: tests: unique not_null accepted_values: values: [1] relationships: to: ref('a') field: id config: meta: tags: description: |\n > & *a <<: !!binary ? version: 2 seeds: snapshots: strategy: check check_cols: all exposures: depends_on: metrics: type: simple type_params: measure: semantic_models: entities: dimensions: time_granularity: day saved_queries: unit_tests: given: rows: expect: groups: owner: vars: on-run-start: dispatch: quoting: null true 1.5 2020-01-01 {} [] \"{{ var('x') }}\" constraints: contract: enforced: versions: v: 1 deprecation_date: freshness: warn_after: count: period:".split(
    ' ',
  );

const tables = new Map<string, KnownTable>([
  [
    'orders',
    {
      physical: 'base:orders',
      columns: [
        { name: 'id', type: types.integer },
        { name: 'amount', type: types.float },
        { name: 'status', type: types.string },
        { name: 'day', type: types.date },
        { name: 'at', type: types.timestamp },
      ],
    },
  ],
]);

/** The dialect of a text is settled by the text, so that an input says all. */
const dialectOf = (text: string): (typeof dialects)[number] => dialects[text.length % dialects.length] ?? 'generic';

function analyze(files: Readonly<Record<string, string>>): string {
  const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'fuzz', folderName: 'shop' };
  const snapshot = new Analyzer(templateEngine).analyze(Sources.of(files), settings);
  const codes = new Set(snapshot.problems.map(({ code }) => code));
  return `${[...codes].sort().join()} ${snapshot.columns.size}`;
}

const project = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'seeds/a.csv': 'id,name\n1,x\n',
  'models/b.sql': "select id, name as label from {{ ref('a') }}",
  'models/c.sql': "select * from {{ ref('b') }}",
};

/** SQL that anybody may write in a column of a list of statements. */
const statements = (): readonly string[] => [
  ...read('samples', /\.sql$/, 120).map((text) => text.replace(/\{\{[^}]*\}\}/g, 'orders').replace(/\{%[^%]*%\}/g, '')),
  'select id, sum(amount) over (partition by status order by day rows 3 preceding) as s from orders qualify s > 1',
  'with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t',
  "select status, count(*) filter (where day > '2024-01-01') from orders group by rollup(status)",
];

/** Texts of a project, by what is done with them. */
export const textKinds: Readonly<Record<string, Kind>> = {
  sql: ofTexts(statements, sqlWords, (text) => {
    const dialect = dialectOf(text);
    const { problems, statements: found } = parseSql(text, dialect);
    const lineage = traceScript(text, dialect, { orders: { id: 'int', amount: 'numeric', status: 'text' } });
    return `${dialect} ${found.map(({ kind }) => kind).join()} ${[...new Set(problems.map(({ message }) => message.replace(/'[^']*'/g, '')))].join()} ${lineage.statements.length}`.slice(
      0,
      200,
    );
  }),
  'sql-run': ofTexts(statements, sqlWords, async (text) => {
    const engine = await openTables(tables);
    const prepared = await prepareSql(text, dialectOf(text), tables, '2024-06-15 12:00:00', engine);
    if (prepared.kind === 'refused') return prepared.message.replace(/'[^']*'/g, '').slice(0, 60);
    try {
      await engine.query(prepared.sql, { offset: 0, limit: 100 });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // What the translator let through, the engine must be able to read.
      if (/syntax error|no such (function|column|table)|wrong number of arguments|misuse of|unrecognized token/.test(message))
        throw new Error(`the engine cannot read what was made of it: ${message}`, { cause: prepared.sql });
      return message.slice(0, 60);
    }
    return `rows ${prepared.columns.length}`;
  }),
  jinja: ofTexts(
    () => [...read('samples', /\.sql$/, 120), ...read('test/golden', /\.sql$/, 80)],
    jinjaWords,
    (text) => {
      const { error } = renderCase({ id: 1, template: text, mode: text.length % 2 === 0 ? 'dbt' : 'jinja' } as never);
      return error === undefined ? 'rendered' : error.replace(/'[^']*'|\d+/g, '').slice(0, 80);
    },
  ),
  properties: ofTexts(
    () => [...read('samples', /\.ya?ml$/, 80), ...read('test/golden', /\.ya?ml$/, 80)],
    yamlWords,
    (text) => analyze({ ...project, 'models/properties.yml': text }),
  ),
  'project-file': ofTexts(
    () => read('.', /^(samples|test)\/.*(dbt_project|headwater|selectors|packages|dependencies|profiles)\.yml$/, 60),
    yamlWords,
    (text) => {
      const name = ['dbt_project.yml', 'headwater.yml', 'selectors.yml', 'packages.yml', 'profiles.yml'][text.length % 5] ?? '';
      return analyze({ ...project, [name]: text });
    },
  ),
  script: ofTexts(statements, sqlWords, (text) =>
    analyze({ 'headwater.yml': `dialect: ${dialectOf(text)}\n`, 'data/orders.csv': 'id,amount\n1,2\n', 'a.sql': text }),
  ),
  csv: ofTexts(
    () => read('samples', /\.csv$/, 60),
    [',', '"', '""', '\r\n', '\n', ';', '\t', '|', 'null', '1,000', '2024-01-01', '', ' '],
    (text) => {
      const bytes = encoder.encode(text);
      const shape = sniffCsv(bytes, { path: 'a.csv' });
      let cells = 0;
      for (const row of readCsv(bytes, { path: 'a.csv' }).rows()) cells += row.length;
      const table = readCsvTable(bytes, new Map(), 'postgres', undefined);
      for (const row of table.rows())
        if (row.length !== table.columns.length) throw new Error('a row has another number of values than columns');
      return `${shape.columns.map(({ type }) => type).join()} ${shape.problems.map(({ code }) => code).join()} ${cells === 0}`.slice(
        0,
        120,
      );
    },
  ),
  json: ofTexts(
    () => ['[{"a":1,"b":"x"},{"a":2.5,"c":{"d":[1,null]}}]', '{"a":1}\n{"a":12345678901234567890}\n', '{"a":"2024-01-01T00:00:00Z"}'],
    ['{', '}', '[', ']', ',', ':', '"a"', 'null', 'true', '1', '-0', '1e400', '12345678901234567890.5', '"2024-01-01"', '\n'],
    (text) => {
      const table = readJsonTable(encoder.encode(text), text.length % 2 === 0 ? 'json' : 'jsonl');
      if ('damage' in table) return table.damage;
      for (const row of table.rows())
        if (row.length !== table.columns.length) throw new Error('a row has another number of values than columns');
      return table.columns
        .map(({ type }) => type.kind)
        .join()
        .slice(0, 80);
    },
  ),
  markdown: ofTexts(
    () => [...read('samples', /\.md$/, 40), ...read('docs', /\.md$/, 20)],
    [
      '|',
      '---',
      '#',
      '**',
      '`',
      'Primary Key',
      'Foreign Key',
      'Links to accounts table',
      'FK → a.id',
      '\n',
      '- ',
      '![](x)',
      '<b>',
      '```sql',
    ],
    (text) => {
      const found = readMarkdownDictionary(text, 'README.md');
      return `${Math.min(found.length, 9)}`;
    },
  ),
  wire: ofTexts(
    () => [
      '{"kind":"ask","id":1,"type":"a","ask":1}',
      '{"kind":"answer","id":1,"answer":2}',
      '{"kind":"failed","id":1,"message":"x","cancelled":true}',
      '{"kind":"cancel","id":1}',
    ],
    ['"kind"', '"ask"', '"id"', '"type"', '"constructor"', '"__proto__"', '"toString"', 'null', '{}', '[]', '1', '-1', '""'],
    async (text) => {
      const said: unknown[] = [];
      let take: (message: unknown) => void = () => undefined;
      const wire = connect<{ a: { ask: unknown; answer: unknown } }, { a: { ask: unknown; answer: unknown } }>(
        {
          post: (message) => void said.push(message),
          listen: (listener) => {
            take = listener;
          },
        },
        { a: (ask) => ask },
      );
      const asked = wire.ask('a', 1).then(
        () => 'answered',
        () => 'failed',
      );
      for (const line of text.split('\n')) {
        try {
          take(JSON.parse(line));
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
        }
      }
      wire.close('done');
      return `${await asked} ${said.length}`;
    },
  ),
};
