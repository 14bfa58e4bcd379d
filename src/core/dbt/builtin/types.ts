import { dispatched, macro } from './dispatched.ts';

/** Asks the adapter's column class, which knows what its database calls a type. */
const translated = (type: string): string => `{{ return(api.Column.translate_type('${type}')) }}`;

const tryCast = 'try_cast({{ field }} as {{ type }})';

const bigqueryArray = `{% set of = type.lower()[6:-1] -%}
{%- if cast_from_string_unsupported_for(of) %}
        (select array_agg(safe_cast(i as {{ of }})) from unnest([
{%- for element in field %}
                {{ element.strip('"').strip("'") }}{{ '' if loop.last else ',' }}
{%- endfor %}
        ]) i)
{%- else -%}
(select array_agg(safe_cast(i as {{ of }})) from unnest({{ field }}) i)
{%- endif -%}`;

/** Types and casts. */
export const typeMacros = [
  dispatched('type_string', [], { default: translated('string'), athena: 'VARCHAR', trino: 'varchar' }),
  dispatched('type_timestamp', [], { default: translated('timestamp') }),
  dispatched('type_float', [], { default: translated('float'), athena: 'DOUBLE', trino: 'double' }),
  dispatched('type_numeric', [], {
    default: `{{ return(api.Column.numeric_type('numeric', 28, 6)) }}`,
    athena: 'DECIMAL(38,6)',
    trino: 'decimal(28, 6)',
  }),
  dispatched('type_bigint', [], { default: translated('bigint') }),
  dispatched('type_int', [], { default: translated('integer'), athena: 'INTEGER', trino: 'integer' }),
  dispatched('type_boolean', [], { default: translated('boolean') }),

  dispatched('cast', ['field', 'type'], {
    default: '\n    cast({{ field }} as {{ type }})\n',
    snowflake: `
    {% set shape = type | upper -%}
    {%- if shape in ['GEOGRAPHY', 'GEOMETRY'] -%}
        to_{{ shape | lower }}({{ field }})
    {% else -%}
        cast({{ field }} as {{ type }})
    {% endif -%}
`,
  }),
  dispatched('safe_cast', ['field', 'type'], {
    default: '\n    \n    cast({{ field }} as {{ type }})\n',
    'trino athena': tryCast,
    sqlserver: `\n    ${tryCast}\n`,
    snowflake: `
    {% set shape = type | upper -%}
    {%- if shape in ['GEOMETRY', 'GEOGRAPHY'] -%}
        try_to_{{ shape | lower }}({{ field }})
    {% elif shape == 'VARIANT' -%}
        {{ adapter.dispatch('cast', 'dbt')(field, type) }}
    {% else -%}
        {% set text = dbt.string_literal(field) if field is number else field %}
        try_cast({{ text }} as {{ type }})
    {% endif -%}
`,
    // An array is cast element by element, and what cannot come from a string loses its quotes.
    bigquery: `
{%- set wanted = type.lower() -%}
{%- if wanted.startswith('array') and field is iterable and field is not string and field is not mapping and field | length > 0 -%}
    ${bigqueryArray}
{%- elif wanted == 'json' and field is mapping -%}
    safe_cast(json {{ dbt.string_literal(tojson(field)) }} as json)
{%- else -%}
    safe_cast({{ field.strip('"').strip("'") if field is string and cast_from_string_unsupported_for(type) else field }} as {{ type }})
{%- endif -%}
`,
    spark: `{% set bare = field is string and cast_from_string_unsupported_for(type) -%}
cast({{ field.strip('"').strip("'") if bare else field }} as {{ type }})
`,
  }),
  macro(
    'cast_from_string_unsupported_for',
    ['type'],
    `{% set other = ['geography'] if target.type == 'bigquery' else [] -%}
{%- set nested = ['struct'] if target.type == 'bigquery' else ['struct', 'array', 'map'] -%}
{%- for prefix in nested if type.lower().startswith(prefix) %}{{ return(true) }}{% endfor -%}
{{ return(type.lower() in other) }}`,
  ),
  dispatched(
    'cast_bool_to_text',
    ['field'],
    {
      default: `\n    cast({{ field }} as {{ api.Column.translate_type('string') }})\n`,
      redshift: `
    case
        when {{ field }} is true then 'true'
        when {{ field }} is false then 'false'
    end::text
`,
      sqlserver: `
    case {{ field }}
        when 1 then 'true'
        when 0 then 'false'
        else null
    end
`,
      sqlite: "\n    case\n      when {{ field }} = 0 then 'false'\n      when {{ field }} = 1 then 'true'    \n    end\n",
    },
    ['\n  ', '\n'],
  ),
].join('');
