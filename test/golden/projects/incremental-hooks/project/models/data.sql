{% set names = dbt_utils_free_names() %}select {% for n in names %}{{ n }}, {% endfor %}1 as one
