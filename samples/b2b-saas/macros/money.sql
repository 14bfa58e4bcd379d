{# Stripe counts cents. #}
{% macro cents(column) -%}
    round({{ column }} / 100.0, 2)
{%- endmacro %}

{# An amount in dollars, at the rate of the month; `rate` is the joined fx_rates.usd_rate. #}
{% macro to_usd(amount, rate) -%}
    round({{ amount }} * {{ rate }}, 2)
{%- endmacro %}

{# A quotient that keeps its fraction, null where there is nothing to divide by. #}
{% macro safe_divide(numerator, denominator, digits=4) -%}
    round(({{ numerator }}) * 1.0 / nullif({{ denominator }}, 0), {{ digits }})
{%- endmacro %}
