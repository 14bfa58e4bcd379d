{% test rate(model, column_name) %}
{# A share lies between none and all. #}

select {{ column_name }}
from {{ model }}
where {{ column_name }} not between 0 and 1

{% endtest %}
