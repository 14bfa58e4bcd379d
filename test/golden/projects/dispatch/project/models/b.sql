{{ config(alias='bee') }}select g from {{ ref('a') }}
