select {{ no_such_macro(1) }} from {{ ref('god') }}
