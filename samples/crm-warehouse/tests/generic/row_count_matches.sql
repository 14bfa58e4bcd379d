{% test row_count_matches(model, compare_model) %}
{# Completeness: a layer has as many rows as the one it was made from. #}

select
    (select count(*) from {{ model }}) as rows_here,
    (select count(*) from {{ compare_model }}) as rows_there
where (select count(*) from {{ model }}) <> (select count(*) from {{ compare_model }})

{% endtest %}
