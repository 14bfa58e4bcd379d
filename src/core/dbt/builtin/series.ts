import { dispatched } from './dispatched.ts';

const notDistinct = (rest: string): string =>
  `{% if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn %}
    ({{ expr1 }} IS NOT DISTINCT FROM {{ expr2 }}){% else %}({{ expr1 }} = {{ expr2 }}){% endif %}${rest}`;

/** Rows from 1 to a bound: every sum of powers of two is one row of a cross join of two-row tables. */
const numbers = `

    {% set n = dbt.get_powers_of_two(upper_bound) %}

    with p as (
        select 0 as generated_number union all select 1
    ), unioned as (

    select

    {% for i in range(n) %}
    p{{ i }}.generated_number * power(2, {{ i }})
    {{ '' if loop.last else ' + ' }}
    {% endfor %}
    + 1
    as generated_number

    from

    {% for i in range(n) %}
    p as p{{ i }}
    {{ '' if loop.last else ' cross join ' }}
    {% endfor %}

    )

    select *
    from unioned
    where generated_number <= {{ upper_bound }}
    order by generated_number

`;

/** One row for each part of a period, up to and with its end. */
const spine = (start: string, startPadding: string, endPadding: string, end: string): string => `


    


    with rawdata as (

        {{ dbt.generate_series(dbt.get_intervals_between(start_date, end_date, datepart)) }}

    ),

    all_periods as (

        select (
            {{ dbt.dateadd(datepart, 'row_number() over (order by 1) - 1', ${start}) }}
        ) as date_{{ datepart }}
        from rawdata

    ),

    filtered as (

        select *
        from all_periods
${startPadding}where date_{{ datepart }} <= ${end}${endPadding}

    )

    select * from filtered

`;

/** Comparison, set operations and rows out of nothing. */
export const seriesMacros = [
  dispatched('equals', ['expr1', 'expr2'], {
    default: `{% if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn %}
    case when (({{ expr1 }} = {{ expr2 }}) or ({{ expr1 }} is null and {{ expr2 }} is null))
        then 0
        else 1
    end = 0{% else %}({{ expr1 }} = {{ expr2 }}){% endif %}
`,
    'postgres snowflake bigquery athena': notDistinct(''),
  }),
  dispatched('except', [], { default: '\n\n    except\n\n', bigquery: '\n\n    except distinct\n\n' }),
  dispatched('intersect', [], { default: '\n\n    intersect\n\n', bigquery: '\n\n    intersect distinct\n\n' }),
  dispatched('get_powers_of_two', ['upper_bound'], {
    default: `{% if upper_bound <= 0 %}{{ exceptions.raise_compiler_error('upper bound must be positive') }}{% endif %}
{%- for power in range(1, 100) if 2 ** power >= upper_bound %}{{ return(power) }}{% endfor %}`,
  }),
  dispatched('generate_series', ['upper_bound'], {
    default: numbers,
    duckdb: '\n    select\n        generate_series as generated_number\n    from generate_series(1, {{ upper_bound }})\n',
  }),
  dispatched('get_intervals_between', ['start_date', 'end_date', 'datepart'], {
    default: `{% call statement('get_intervals_between', fetch_result=true) %}

        select {{ dbt.datediff(start_date, end_date, datepart) }}

    {% endcall -%}
{%- set answer = load_result('get_intervals_between') -%}
{{ return((answer['data'] | map(attribute=0) | first) if answer and answer['data'] else 1) }}`,
  }),
  dispatched('date_spine', ['datepart', 'start_date', 'end_date'], {
    default: spine('start_date', '        ', '', '{{ end_date }}'),
    trino: spine("'cast(' ~ start_date ~ ' as date)'", '    ', '', 'cast({{ end_date }} as date)'),
  }),
].join('');
