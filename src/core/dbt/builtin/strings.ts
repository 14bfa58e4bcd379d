/** Text, aggregates and set operators. */
export const stringMacros = `
{% macro concat(fields) -%}
  {{ return(adapter.dispatch('concat', 'dbt')(fields)) }}
{%- endmacro %}
{% macro default__concat(fields) -%}
    {{ fields|join(' || ') }}
{%- endmacro %}
{% macro sqlserver__concat(fields) -%}
    concat({{ fields|join(', ') }})
{%- endmacro %}
{% macro spark__concat(fields) -%}
    concat({{ fields|join(', ') }})
{%- endmacro %}
{% macro hash(field) -%}
  {{ return(adapter.dispatch('hash', 'dbt')(field)) }}
{%- endmacro %}
{% macro default__hash(field) -%}
    md5(cast({{ field }} as {{ api.Column.translate_type('string') }}))
{%- endmacro %}
{% macro bigquery__hash(field) -%}
    to_hex({{dbt.default__hash(field)}})
{%- endmacro %}
{% macro trino__hash(field) -%}
    lower(to_hex(md5(to_utf8(cast({{ field }} as varchar)))))
{%- endmacro %}
{% macro athena__hash(field) -%}
    lower(to_hex(md5(to_utf8(cast({{ field }} as varchar)))))
{%- endmacro %}
{% macro sqlserver__hash(field) -%}
    lower(convert(varchar(50), hashbytes('md5', coalesce(convert(varchar(8000), {{ field }}), '')), 2))
{%- endmacro %}
{% macro length(expression) -%}
  {{ return(adapter.dispatch('length', 'dbt')(expression)) }}
{%- endmacro %}
{% macro default__length(expression) -%}
    length(
        {{ expression }}
    )
{%- endmacro %}
{% macro sqlserver__length(expression) -%}
    len( {{ expression }} )
{%- endmacro %}
{% macro position(substring_text, string_text) -%}
  {{ return(adapter.dispatch('position', 'dbt')(substring_text, string_text)) }}
{%- endmacro %}
{% macro default__position(substring_text, string_text) -%}
    position(
        {{ substring_text }} in {{ string_text }}
    )
{%- endmacro %}
{% macro bigquery__position(substring_text, string_text) -%}
    strpos(
        {{ string_text }},
        {{ substring_text }}

    )
{%- endmacro %}
{% macro sqlserver__position(substring_text, string_text) -%}
    charindex(
        {{ substring_text }},
        {{ string_text }}
    )
{%- endmacro %}
{% macro replace(field, old_chars, new_chars) -%}
  {{ return(adapter.dispatch('replace', 'dbt')(field, old_chars, new_chars)) }}
{%- endmacro %}
{% macro default__replace(field, old_chars, new_chars) -%}
    replace(
        {{ field }},
        {{ old_chars }},
        {{ new_chars }}
    )
{%- endmacro %}
{% macro right(string_text, length_expression) -%}
  {{ return(adapter.dispatch('right', 'dbt')(string_text, length_expression)) }}
{%- endmacro %}
{% macro default__right(string_text, length_expression) -%}
    right(
        {{ string_text }},
        {{ length_expression }}
    )
{%- endmacro %}
{% macro bigquery__right(string_text, length_expression) -%}
    case when {{ length_expression }} = 0
        then ''
    else
        substr(
            {{ string_text }},
            -1 * {{ length_expression }}
        )
    end
{%- endmacro %}
{% macro snowflake__right(string_text, length_expression) -%}
    case when {{ length_expression }} = 0
        then ''
    else
        right(
            {{ string_text }},
            {{ length_expression }}
        )
    end
{%- endmacro %}
{% macro redshift__right(string_text, length_expression) -%}
    case when {{ length_expression }} = 0
        then ''
    else
        right(
            {{ string_text }},
            {{ length_expression }}
        )
    end
{%- endmacro %}
{% macro trino__right(string_text, length_expression) -%}
    substr({{ string_text }}, -1 * {{ length_expression }})
{%- endmacro %}
{% macro athena__right(string_text, length_expression) -%}
    substr({{ string_text }}, -1 * {{ length_expression }})
{%- endmacro %}
{% macro string_literal(value) -%}
  {{ return(adapter.dispatch('string_literal', 'dbt')(value)) }}
{%- endmacro %}
{% macro default__string_literal(value) -%}
    '{{ value }}'
{%- endmacro %}
{% macro bigquery__string_literal(value) -%}
    '''{{ value }}'''
{%- endmacro %}
{% macro escape_single_quotes(expression) -%}
  {{ return(adapter.dispatch('escape_single_quotes', 'dbt')(expression)) }}
{%- endmacro %}
{% macro default__escape_single_quotes(expression) -%}
    {{ expression | replace("'","''") }}
{%- endmacro %}
{% macro bigquery__escape_single_quotes(expression) -%}
    {{ expression | replace("'", "\\\\'") }}
{%- endmacro %}
{% macro snowflake__escape_single_quotes(expression) -%}
    {{ expression | replace("'", "\\\\'") }}
{%- endmacro %}
{% macro spark__escape_single_quotes(expression) -%}
    {{ expression | replace("'", "\\\\'") }}
{%- endmacro %}
{% macro split_part(string_text, delimiter_text, part_number) -%}
  {{ return(adapter.dispatch('split_part', 'dbt')(string_text, delimiter_text, part_number)) }}
{%- endmacro %}
{% macro default__split_part(string_text, delimiter_text, part_number) -%}
    split_part(
        {{ string_text }},
        {{ delimiter_text }},
        {{ part_number }}
        )
{%- endmacro %}
{% macro bigquery__split_part(string_text, delimiter_text, part_number) -%}
    {% if part_number >= 0 %}
    split(
        {{ string_text }},
        {{ delimiter_text }}
        )[safe_offset({{ part_number - 1 }})]
  {% else %}
    split(
        {{ string_text }},
        {{ delimiter_text }}
        )[safe_offset(
          length({{ string_text }})
          - length(
              replace({{ string_text }},  {{ delimiter_text }}, '')
          ) + 1 + {{ part_number }}
        )]
  {% endif %}
{%- endmacro %}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    {% set delimiter_expr %}

        -- escape if starts with a special character
        case when regexp_extract({{ delimiter_text }}, '([^A-Za-z0-9])(.*)', 1) != '_'
            then concat('\\\\', {{ delimiter_text }})
            else {{ delimiter_text }} end

    {% endset %}
    split(
        {{ string_text }},
        {{ delimiter_expr }}
        )[({{ part_number - 1 if part_number > 0 else part_number }})]
{%- endmacro %}
{% macro databricks__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}
{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
    {{ return(adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num)) }}
{%- endmacro %}
{% macro default__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    array_to_string(
        array_slice(
            array_agg(
                {{ measure }}
            ){% if order_by_clause -%}
            within group ({{ order_by_clause }})
            {%- endif %}
            ,0
            ,{{ limit_num }}
        ),
        {{ delimiter_text }}
        )
    {%- else %}
    listagg(
        {{ measure }},
        {{ delimiter_text }}
        )
        {% if order_by_clause -%}
        within group ({{ order_by_clause }})
        {%- endif %}
    {%- endif %}
{%- endmacro %}
{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    array_to_string(
        (array_agg(
            {{ measure }}
            {% if order_by_clause -%}
            {{ order_by_clause }}
            {%- endif %}
        ))[1:{{ limit_num }}],
        {{ delimiter_text }}
        )
    {%- else %}
    string_agg(
        {{ measure }},
        {{ delimiter_text }}
        {% if order_by_clause -%}
        {{ order_by_clause }}
        {%- endif %}
        )
    {%- endif %}
{%- endmacro %}
{% macro redshift__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {{ dbt.default__listagg(measure, delimiter_text, order_by_clause, none) }}
{%- endmacro %}
{% macro bigquery__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    string_agg(
        {{ measure }},
        {{ delimiter_text }}
        {% if order_by_clause -%}
        {{ order_by_clause }}
        {%- endif %}
        {% if limit_num -%}
        limit {{ limit_num }}
        {%- endif %}
        )
{%- endmacro %}
{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    list_aggr(
        (array_agg(
            {{ measure }}
            {% if order_by_clause -%}
            {{ order_by_clause }}
            {%- endif %}
        ))[1:{{ limit_num }}],
        'string_agg',
        {{ delimiter_text }}
        )
    {%- else %}
    string_agg(
        {{ measure }},
        {{ delimiter_text }}
        {% if order_by_clause -%}
        {{ order_by_clause }}
        {%- endif %}
        )
    {%- endif %}
{%- endmacro %}
{% macro any_value(expression) -%}
  {{ return(adapter.dispatch('any_value', 'dbt')(expression)) }}
{%- endmacro %}
{% macro default__any_value(expression) -%}
    any_value({{ expression }})
{%- endmacro %}
{% macro postgres__any_value(expression) -%}
    (array_agg({{ expression }}))[1]
{%- endmacro %}
{% macro redshift__any_value(expression) -%}
    any_value({{ expression }})
{%- endmacro %}
{% macro spark__any_value(expression) -%}
    first({{ expression }})
{%- endmacro %}
{% macro duckdb__any_value(expression) -%}
    arbitrary({{ expression }})
{%- endmacro %}
{% macro trino__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}
{% macro athena__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}
{% macro bool_or(expression) -%}
  {{ return(adapter.dispatch('bool_or', 'dbt')(expression)) }}
{%- endmacro %}
{% macro default__bool_or(expression) -%}
    bool_or({{ expression }})
{%- endmacro %}
{% macro bigquery__bool_or(expression) -%}
    logical_or({{ expression }})
{%- endmacro %}
{% macro snowflake__bool_or(expression) -%}
    boolor_agg({{ expression }})
{%- endmacro %}
{% macro sqlserver__bool_or(expression) -%}
    max(cast({{ expression }} as int))
{%- endmacro %}
{% macro except() -%}
  {{ return(adapter.dispatch('except', 'dbt')()) }}
{%- endmacro %}
{% macro default__except() -%}
    except
{%- endmacro %}
{% macro bigquery__except() -%}
    except distinct
{%- endmacro %}
{% macro intersect() -%}
  {{ return(adapter.dispatch('intersect', 'dbt')()) }}
{%- endmacro %}
{% macro default__intersect() -%}
    intersect
{%- endmacro %}
{% macro bigquery__intersect() -%}
    intersect distinct
{%- endmacro %}
`;
