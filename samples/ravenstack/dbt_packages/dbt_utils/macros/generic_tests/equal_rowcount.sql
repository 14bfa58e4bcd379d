{% test equal_rowcount(model, compare_model) %}
    {{ return(adapter.dispatch('test_equal_rowcount', 'dbt_utils')(model, compare_model)) }}
{% endtest %}

{% macro default__test_equal_rowcount(model, compare_model) %}
with a as (select count(*) as row_count from {{ model }}),

b as (select count(*) as row_count from {{ compare_model }})

select
    a.row_count as rows_here,
    b.row_count as rows_there
from a
cross join b
where a.row_count <> b.row_count
{% endmacro %}
