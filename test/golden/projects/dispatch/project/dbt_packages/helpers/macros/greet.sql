{% macro greet(name) %}{{ return(adapter.dispatch('greet', 'helpers')(name)) }}{% endmacro %}
{% macro default__greet(name) %}'hello {{ name }}'{% endmacro %}
{% macro snowflake__greet(name) %}'snowy {{ name }}'{% endmacro %}
{% macro part(name) %}{{ return(adapter.dispatch('part', 'helpers')(name)) }}{% endmacro %}
{% macro default__part(name) %}'default {{ name }}'{% endmacro %}
{% macro redshift__part(name) %}'shifted {{ name }}'{% endmacro %}
