{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- set default_schema = target.schema -%}
  {%- if custom_schema_name is none -%} {{ default_schema }}
  {%- elif target.name == 'prod' -%} {{ custom_schema_name | trim }}
  {%- elif node.resource_type == 'seed' -%} seeds
  {%- else -%} {{ default_schema }}__{{ custom_schema_name | trim }}
  {%- endif -%}
{%- endmacro %}
