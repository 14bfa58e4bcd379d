{# A quotient as a decimal, null where the divisor is zero. Integers would otherwise lose their fraction. #}
{% macro safe_divide(numerator, denominator, digits=4) -%}
    round(({{ numerator }}) * 1.0 / nullif({{ denominator }}, 0), {{ digits }})
{%- endmacro %}
