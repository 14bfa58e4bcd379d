import { dispatched, macro } from './dispatched.ts';

const header = "{%- set sql_header = config.get('sql_header', none) -%}\n{{ sql_header if sql_header is not none }}\n";

/** The statements that make tables and views, as projects that write their own materializations call them, and what such ones do with hooks. */
export const relationMacros = [
  dispatched('get_create_table_as_sql', ['temporary', 'relation', 'sql'], {
    default: '{{ return(create_table_as(temporary, relation, sql)) }}',
  }),
  dispatched('create_table_as', ['temporary', 'relation', 'compiled_code', "language='sql'"], {
    default: `${header}create {% if temporary: -%}temporary{%- endif %} table
  {{ relation.include(database=(not temporary), schema=(not temporary)) }}
as (
  {{ compiled_code }}
);`,
    'snowflake bigquery': `${header}create or replace {% if temporary: -%}temporary{%- endif %} table {{ relation }}
as (
  {{ compiled_code }}
);`,
    'spark databricks': `${header}create or replace table {{ relation }}
as
{{ compiled_code }}`,
    sqlserver: `${header}select * into {{ relation }} from (
  {{ compiled_code }}
) as made`,
  }),
  dispatched('get_create_view_as_sql', ['relation', 'sql'], { default: '{{ return(create_view_as(relation, sql)) }}' }),
  dispatched('create_view_as', ['relation', 'sql'], {
    default: `${header}create view {{ relation }} as (
  {{ sql }}
);`,
    'snowflake bigquery spark databricks': `${header}create or replace view {{ relation }} as (
  {{ sql }}
);`,
  }),
  macro('make_hook_config', ['sql', 'inside_transaction'], "{{ return(tojson({'sql': sql, 'transaction': inside_transaction})) }}"),
  macro('before_begin', ['sql'], '{{ return(make_hook_config(sql, inside_transaction=false)) }}'),
  macro('in_transaction', ['sql'], '{{ return(make_hook_config(sql, inside_transaction=true)) }}'),
  macro('after_commit', ['sql'], '{{ return(make_hook_config(sql, inside_transaction=false)) }}'),
].join('');
