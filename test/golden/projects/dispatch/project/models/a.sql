select {{ helpers.greet('Ann') }} as g, {{ helpers.part('Bo') }} as p, {{ dbt.dateadd('day', 1, 'now()') }} as d, {{ dateadd('month', -1, 'x') }} as m
