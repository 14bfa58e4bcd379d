{{ config(materialised='table', tag='x', tags='y', my_own_key=1) }}select 1 as id
