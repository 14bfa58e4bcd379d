{# A label with one capital letter at its start; SQLite has no initcap. Financial Services is the one label of two words. #}
{% macro proper(column) -%}
    case lower(trim({{ column }}))
        when 'financial services' then 'Financial Services'
        else upper(substr(trim({{ column }}), 1, 1)) || lower(substr(trim({{ column }}), 2))
    end
{%- endmacro %}

{% macro domain_of_email(column) -%}
    lower(substr({{ column }}, instr({{ column }}, '@') + 1))
{%- endmacro %}

{# https://WWW.Acme.example/ is acme.example. #}
{% macro domain_of_url(column) -%}
    replace(replace(replace(rtrim(lower({{ column }}), '/'), 'https://', ''), 'http://', ''), 'www.', '')
{%- endmacro %}
