import { dispatched } from './dispatched.ts';

const appended = '{{ array_concat(array, array_construct([new_element])) }}';
const listed = "{{ inputs | join(' , ') }}";

/** Arrays. */
export const arrayMacros = [
  dispatched('array_construct', ['inputs=[]', "data_type=api.Column.translate_type('integer')"], {
    default: `{% if inputs | length > 0 %}\n    array[ ${listed} ]\n    {% else %}\n    array[]::{{ data_type }}[]\n    {% endif %}`,
    snowflake: `array_construct( ${listed} )`,
    'redshift spark': `array( ${listed} )`,
    bigquery: `{% if inputs | length > 0 %}\n    [ ${listed} ]\n    {% else %}\n    ARRAY<{{ data_type }}>[]\n    {% endif %}`,
    trino: `{% if inputs %}array[ ${listed} ]{% else %}null{% endif %}`,
    athena: `{% if inputs %}\n    array[ ${listed} ]\n    {% else %}\n    {{ safe_cast('array[]', 'array(' ~ data_type ~ ')') }}\n    {% endif %}`,
    sqlserver: `JSON_ARRAY(${listed})`,
  }),
  dispatched('array_append', ['array', 'new_element'], {
    default: 'array_append({{ array }}, {{ new_element }})',
    'bigquery redshift spark trino': appended,
    athena: '{{ array }} || {{ new_element }}',
  }),
  dispatched('array_concat', ['array_1', 'array_2'], {
    default: 'array_cat({{ array_1 }}, {{ array_2 }})',
    'bigquery redshift': 'array_concat({{ array_1 }}, {{ array_2 }})',
    'spark trino': 'concat({{ array_1 }}, {{ array_2 }})',
    athena: '{{ array_1 }} || {{ array_2 }}',
  }),
].join('');
