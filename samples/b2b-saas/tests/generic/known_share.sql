{% test known_share(model, column_name, at_least=1.0) %}
{# At least so large a share of the rows has a value. #}

select
    count({{ column_name }}) * 1.0 / count(*) as known_share
from {{ model }}
having count(*) > 0 and count({{ column_name }}) * 1.0 / count(*) < {{ at_least }}

{% endtest %}
