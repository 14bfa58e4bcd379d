{{ config(tags=['nightly'], materialized='table') }}select id from {{ ref('a') }}
