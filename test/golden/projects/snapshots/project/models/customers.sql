select 1 as id, 'Ann' as name, current_timestamp as updated_at
