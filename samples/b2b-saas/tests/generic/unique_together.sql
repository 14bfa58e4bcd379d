{% test unique_together(model, columns) %}
{# The columns identify a row: the declared grain of a fact. #}

select
    {{ columns | join(', ') }},
    count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
