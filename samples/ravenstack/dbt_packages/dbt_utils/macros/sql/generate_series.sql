{# How many powers of two are needed to count to a number. #}
{% macro get_powers_of_two(upper_bound) %}
    {{ return(adapter.dispatch('get_powers_of_two', 'dbt_utils')(upper_bound)) }}
{% endmacro %}

{% macro default__get_powers_of_two(upper_bound) %}
    {% if upper_bound <= 0 %}
        {{ exceptions.raise_compiler_error("upper bound must be positive") }}
    {% endif %}
    {% for exponent in range(1, 100) %}
        {% if upper_bound <= 2 ** exponent %}
            {{ return(exponent) }}
        {% endif %}
    {% endfor %}
{% endmacro %}

{# The numbers from 1 to the upper bound, as one column called generated_number. #}
{% macro generate_series(upper_bound) %}
    {{ return(adapter.dispatch('generate_series', 'dbt_utils')(upper_bound)) }}
{% endmacro %}

{% macro default__generate_series(upper_bound) %}
    {%- set exponent = dbt_utils.get_powers_of_two(upper_bound) %}
    with digits as (
        select 0 as digit
        union all
        select 1
    ),

    numbers as (
        select
            {% for at in range(exponent) %}
            d{{ at }}.digit * {{ 2 ** at }}{% if not loop.last %} +{% endif %}
            {% endfor %} + 1 as generated_number
        from
            {% for at in range(exponent) %}
            digits as d{{ at }}{% if not loop.last %} cross join{% endif %}
            {% endfor %}
    )

    select generated_number
    from numbers
    where generated_number <= {{ upper_bound }}
{% endmacro %}
