import { dispatched } from './dispatched.ts';

const ordered = '{% if order_by_clause %}{{ order_by_clause }}{% endif %}';
const withinGroup = '{% if order_by_clause %}within group ({{ order_by_clause }}){% endif %}';

const listaggAll = `listagg(
        {{ measure }},
        {{ delimiter_text }}
        )
        ${withinGroup}`;
const stringAgg = `string_agg(
        {{ measure }},
        {{ delimiter_text }}
        ${ordered}
        )`;
const firstOfArray = `(array_agg(
            {{ measure }}
            ${ordered}
        ))[1:{{ limit_num }}]`;

/** Of what a pattern means something by, in the order in which Redshift's macro escapes it. */
const special = String.raw`['\\', '^', '$', '.', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}']`;
const redshiftPattern = String.raw`{% set ns = namespace(mark=delimiter_text | trim("'")) %}
    
    {% for character in ${special} %}{% set ns.mark = ns.mark | replace(character, '\\\\' ~ character) %}
        {% endfor -%}
    {% set regex = "'([^" ~ ns.mark ~ "]+" ~ ns.mark ~ "){1," ~ (limit_num - 1) ~ "}[^" ~ ns.mark ~ "]+'" %}`;

/** Aggregates. */
export const aggregateMacros = [
  dispatched('any_value', ['expression'], {
    default: 'any_value({{ expression }})',
    'postgres sqlserver sqlite trino': 'min({{ expression }})',
    spark: 'first({{ expression }})',
    'duckdb athena': 'arbitrary({{ expression }})',
  }),
  dispatched('bool_or', ['expression'], {
    default: 'bool_or({{ expression }})',
    bigquery: 'logical_or({{ expression }})',
    snowflake: 'boolor_agg({{ expression }})',
    'spark sqlite': 'max({{ expression }})',
  }),
  dispatched('listagg', ['measure', `delimiter_text="','"`, 'order_by_clause=none', 'limit_num=none'], {
    default: `{% if limit_num %}array_to_string(
        array_slice(
            array_agg(
                {{ measure }}
            )${withinGroup}
            ,0
            ,{{ limit_num }}
        ),
        {{ delimiter_text }}
        ){% else %}
    ${listaggAll}{% endif %}`,
    postgres: `{% if limit_num %}array_to_string(
        ${firstOfArray},
        {{ delimiter_text }}
        ){% else %}
    ${stringAgg}{% endif %}`,
    redshift: `{% if limit_num %}${redshiftPattern}
    regexp_substr(
        listagg(
            {{ measure }},
            {{ delimiter_text }}
            )
            ${withinGroup}
        ,{{ regex }}
        ){% else %}
    ${listaggAll}{% endif %}`,
    bigquery: `string_agg(
        {{ measure }},
        {{ delimiter_text }}
        ${ordered}
        {% if limit_num %}limit {{ limit_num }}{% endif %}
        )`,
    duckdb: `{% if limit_num %}list_aggr(
        ${firstOfArray},
        'string_agg',
        {{ delimiter_text }}
        ){% else %}
    ${stringAgg}{% endif %}`,
    spark: `{% if order_by_clause %}{% do exceptions.warn('Spark and Databricks ignore the order_by_clause of listagg.') %}{% endif -%}
{%- set list = ' collect_list(' ~ measure ~ ') ' -%}
{%- set some = ' slice(' ~ list ~ ', 1, ' ~ limit_num ~ ') ' if limit_num else list -%}
{{ return(' array_join(' ~ some ~ ', ' ~ delimiter_text ~ ') ') }}`,
    trino: `{%- set list = ' array_agg(' ~ measure ~ ' ' ~ (order_by_clause or '') ~ ') ' -%}
{%- set some = ' slice(' ~ list ~ ', 1, ' ~ limit_num ~ ') ' if limit_num else list -%}
{{ return(' array_join(' ~ some ~ ', ' ~ delimiter_text ~ ') ') }}`,
    athena: `array_join({% if limit_num %}
          slice({% endif %}
          array_agg(
              {{ measure }}{% if order_by_clause %}
                {{ order_by_clause }}{% endif %}
          ){% if limit_num %}
            , 1, {{ limit_num }}
          ){% endif %}
        , {{ delimiter_text }}
    )`,
    sqlserver:
      'string_agg({{ measure }}, {{ delimiter_text }}){% if order_by_clause != none %}\n            within group ({{ order_by_clause }}){% endif %}',
  }),
].join('');
