{% test not_null_proportion(model, column_name, at_least=1.0, at_most=1.0) %}
    {{ return(adapter.dispatch('test_not_null_proportion', 'dbt_utils')(model, column_name, at_least, at_most)) }}
{% endtest %}

{% macro default__test_not_null_proportion(model, column_name, at_least=1.0, at_most=1.0) %}
with measured as (
    select sum(case when {{ column_name }} is null then 0 else 1 end) / cast(count(*) as {{ dbt.type_float() }}) as not_null_proportion
    from {{ model }}
)

select not_null_proportion
from measured
where not_null_proportion < {{ at_least }} or not_null_proportion > {{ at_most }}
{% endmacro %}
