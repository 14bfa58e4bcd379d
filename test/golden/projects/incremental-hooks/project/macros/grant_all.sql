{% macro grant_all(schemas) %}{% for s in schemas %}grant usage on schema {{ s }};{% endfor %}{% endmacro %}
