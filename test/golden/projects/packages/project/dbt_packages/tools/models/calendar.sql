select {{ var('days') }} as days, '{{ var('zone', 'UTC') }}' as zone, {{ twice(2) }} as four
