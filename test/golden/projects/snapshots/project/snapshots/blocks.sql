{% snapshot customers_history %}
{{ config(target_schema='history', unique_key='id', strategy='timestamp', updated_at='updated_at') }}
select id, name, updated_at from {{ ref('customers') }}
{% endsnapshot %}

{% snapshot customers_checked %}
{{ config(unique_key='id', strategy='check', check_cols=['name']) }}
select id, name from {{ ref('customers') }}
{% endsnapshot %}
