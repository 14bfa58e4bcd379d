{% macro dbt_utils_free_names() %}{% if execute %}{% set found = run_query('select name from ' ~ ref('events')) %}{{ return(found.columns[0].values()) }}{% endif %}{{ return([]) }}{% endmacro %}
