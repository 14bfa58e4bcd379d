{{ config(tags=['nightly']) }}select * from {{ ref('base') }}
