import { dispatched, macro } from './dispatched.ts';

/** How nodes get their schema, database and alias. */
export const namingMacros = [
  dispatched('generate_schema_name', ['custom_schema_name=none', 'node=none'], {
    default: '{{ target.schema }}{% if custom_schema_name is not none %}_{{ custom_schema_name | trim }}{% endif %}',
    sqlserver: `{% if adapter.behavior.dbt_sqlserver_use_default_schema_concat or var('dbt_sqlserver_use_default_schema_concat', false) -%}
{{ default__generate_schema_name(custom_schema_name, node) }}
{%- else -%}
{{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endif %}`,
  }),
  macro(
    'generate_schema_name_for_env',
    ['custom_schema_name', 'node'],
    "{% set named = target.name == 'prod' and custom_schema_name is not none %}{{ custom_schema_name | trim if named else target.schema }}",
  ),
  dispatched('generate_database_name', ['custom_database_name=none', 'node=none'], {
    default: '{{ target.database if custom_database_name is none else custom_database_name }}',
    spark: '{{ return(none) }}',
    databricks: '{{ return(dbt.default__generate_database_name(custom_database_name, node)) }}',
  }),
  dispatched('generate_alias_name', ['custom_alias_name=none', 'node=none'], {
    default: `{% if custom_alias_name %}{{ custom_alias_name | trim }}
{%- elif node.version %}{{ node.name }}_v{{ node.version | string | replace('.', '_') }}
{%- else %}{{ node.name }}{% endif %}`,
  }),
  dispatched('generate_latest_version_pointer_alias', ['custom_alias_name=none', 'node=none'], {
    default: '{{ custom_alias_name | trim if custom_alias_name else node.name }}',
  }),
].join('');
