{% macro cents(column) %}({{ column }} / 100)::numeric{% endmacro %}
