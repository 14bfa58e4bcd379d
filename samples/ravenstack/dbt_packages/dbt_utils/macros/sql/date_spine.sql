{# How many parts lie between two dates. Asks the warehouse, so it is known only when the project runs. #}
{% macro get_intervals_between(start_date, end_date, datepart) -%}
    {{ return(adapter.dispatch('get_intervals_between', 'dbt_utils')(start_date, end_date, datepart)) }}
{%- endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
    {%- call statement('get_intervals_between', fetch_result=True) %}
        select {{ dbt.datediff(start_date, end_date, datepart) }}
    {%- endcall -%}
    {%- set answer = load_result('get_intervals_between') -%}
    {%- if answer and answer['data'] -%}
        {{ return(answer['data'][0][0]) }}
    {%- else -%}
        {{ return(1) }}
    {%- endif -%}
{%- endmacro %}

{# One row per part from the start to the last one before the end, in a column called date_[part]. #}
{% macro date_spine(datepart, start_date, end_date) %}
    {{ return(adapter.dispatch('date_spine', 'dbt_utils')(datepart, start_date, end_date)) }}
{% endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
    with rawdata as (
        {{ dbt_utils.generate_series(dbt_utils.get_intervals_between(start_date, end_date, datepart)) }}
    ),

    all_periods as (
        select
            {{ dbt.dateadd(datepart, "row_number() over (order by generated_number) - 1", start_date) }} as date_{{ datepart }}
        from rawdata
    )

    select date_{{ datepart }}
    from all_periods
    where date_{{ datepart }} < {{ end_date }}
{% endmacro %}
