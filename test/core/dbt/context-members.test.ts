import { expect, test } from 'vitest';
import { renderCase } from '../../../src/core/dbt/jinja-case.ts';

/** What members of dbt's context print in a model, as dbt-core defines them. */
const cases: readonly (readonly [string, string])[] = [
  ["{{ diff_of_two_dicts({'A': ['x', 'Y'], 'b': ['z'], 'c': ['q']}, {'a': ['X'], 'C': ['Q']}) }}", "{'A': ['Y'], 'b': ['z']}"],
  ['{{ dbt_metadata_envs }} {{ selected_resources }} {{ thread_id }}', '{} [] Thread-1'],
  ["{{ 'ref' in context.keys() }} {{ context['execute'] }} {{ context.get('no_such', 'none') }}", 'True True none'],
  ["{{ 'source' in builtins }} {{ builtins.get('ref') is callable }}", 'True True'],
  ['{{ builtins.ref.config.project_name }}', 'proj'],
  ["{{ get_create_view_as_sql(this, 'select 1') | trim }}", 'create view "db"."sch"."m" as (\n  select 1\n);'],
  ["{{ get_create_table_as_sql(true, this, 'select 1') | trim }}", 'create temporary table\n  "m"\nas (\n  select 1\n);'],
  ["{{ before_begin('x') }} {{ in_transaction('y') }}", '{"sql": "x", "transaction": false} {"sql": "y", "transaction": true}'],
  ["{{ toyaml({'d': modules.datetime.date(2024, 1, 2), 'l': [1, {'a': none}]}) }}", 'd: 2024-01-02\nl:\n- 1\n- a: null\n'],
  ["{{ function('is_positive') }}(1)", '"db"."sch"."is_positive"(1)'],
  ["{{ toyaml(ref, 'no yaml') }}", 'no yaml'],
  ["{{ fromyaml('on: 010') }}", '{True: 8}'],
  ["{{ set(none, 'not a set') }} {{ zip(1, default='not lists') }}", 'not a set not lists'],
];

test.each(cases)('%s', (template, expected) => {
  expect(renderCase({ template, mode: 'dbt', dbt: { execute: true } })).toMatchObject({ output: expected });
});

test.each(['{{ set_strict(1) }}', '{{ zip_strict(1) }}', '{{ tojson(set([1])) }}', '{{ lipsum() }}'])('%s fails', (template) => {
  expect(renderCase({ template, mode: 'dbt', dbt: { execute: true } }).error).toBeDefined();
});
