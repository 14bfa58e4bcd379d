{% test not_before(model, column_name, other) %}
{# The moment of one column is not earlier than that of another. #}

select {{ column_name }}, {{ other }}
from {{ model }}
where {{ column_name }} < {{ other }}

{% endtest %}
