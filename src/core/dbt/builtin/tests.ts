import { dispatched, implementations } from './dispatched.ts';

const genericTest = (name: string, parameters: readonly string[]): string => {
  const names = parameters.map((parameter) => parameter.replace(/=.*/, '')).join(', ');
  return `{% test ${name}(${parameters.join(', ')}) %}\n    \n    {{ adapter.dispatch('test_${name}', 'dbt')(${names}) }}\n{% endtest %}\n`;
};

const model = ['model', 'column_name'];
const values = [...model, 'values', 'quote=true'];
const relationship = [...model, 'to', 'field'];

const counted = (from: string, column: string): string => `select
    ${column},
    count(*) as n_records

from ${from}`;

/** The four generic tests, what runs a test, and `where`. */
export const testMacros = [
  genericTest('unique', model),
  genericTest('not_null', model),
  genericTest('accepted_values', values),
  genericTest('relationships', relationship),
  implementations('test_unique', model, {
    default: `

${counted('{{ model }}', '{{ column_name }} as unique_field')}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1

`,
    bigquery: `

with dbt_test__target as (

  select {{ column_name }} as unique_field
  from {{ model }}
  where {{ column_name }} is not null

)

${counted('dbt_test__target', 'unique_field')}
group by unique_field
having count(*) > 1

`,
  }),
  implementations('test_not_null', model, {
    default: `



select {{ '*' if should_store_failures() else column_name }}
from {{ model }}
where {{ column_name }} is null

`,
  }),
  implementations('test_accepted_values', values, {
    default: `

with all_values as (

    select
        {{ column_name }} as value_field,
        count(*) as n_records

    from {{ model }}
    group by {{ column_name }}

)

select *
from all_values
where value_field not in (
    {% for value in values %}{{ "'" ~ value ~ "'" if quote else value }}{{ '' if loop.last else ',' }}{% endfor %}
)

`,
  }),
  implementations('test_relationships', relationship, {
    default: `

with child as (
    select {{ column_name }} as from_field
    from {{ model }}
    where {{ column_name }} is not null
),

parent as (
    select {{ field }} as to_field
    from {{ to }}
)

select
    from_field

from child
left join parent
    on child.from_field = parent.to_field

where parent.to_field is null

`,
  }),
  dispatched(
    'get_test_sql',
    ['main_sql', 'fail_calc', 'warn_if', 'error_if', 'limit'],
    {
      default: `select
      {{ fail_calc }} as failures,
      {{ fail_calc }} {{ warn_if }} as should_warn,
      {{ fail_calc }} {{ error_if }} as should_error
    from (
      {{ main_sql }}
      {{ '' if limit is none else 'limit ' ~ limit }}
    ) dbt_internal_test`,
    },
    ['', ''],
  ),
  dispatched('get_where_subquery', ['relation'], {
    default: `{% set where = config.get('where', '') -%}
{{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery' if where else relation) }}`,
  }),
].join('');
