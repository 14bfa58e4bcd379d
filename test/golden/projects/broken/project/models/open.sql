{% if true %}select 1 as one
