{% macro default__greet(name) %}'ours {{ name }}'{% endmacro %}
{% macro snowflake__dateadd(datepart, interval, from_date_or_timestamp) %}our_dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}){% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name ~ '_x' if custom_alias_name is none else custom_alias_name | trim }}{% endmacro %}
