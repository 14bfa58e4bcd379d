{{ config(materialized='incremental', unique_key='id', post_hook='analyze {{ this }}') }}
select 1 as id, current_date as day
{% if is_incremental() %}
where day > (select max(day) from {{ this }})
{% else %}
where day > '{{ var('start') }}'
{% endif %}
