{% test share(model, column_name) %}
{# A share lies between none and all. #}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < 0 or {{ column_name }} > 1

{% endtest %}
