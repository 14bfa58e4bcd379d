{# The moment at which the project's today ends. #}
{% macro as_of() -%}
    cast('{{ var("as_of_date") }} 23:59:59' as timestamp)
{%- endmacro %}
