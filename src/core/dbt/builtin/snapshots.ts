import { dispatched, macro } from './dispatched.ts';

/** The columns that say one version of a row apart from another, each made text and never null, in one hash. */
const hashed = (before: string, type: string, after: string): string =>
  `${before}{% for arg in args %}coalesce(cast({{ arg }} as ${type}), '')
        {{ '' if loop.last else " || '|' || " }}{% endfor %}${after}`;
const concatenated = (before: string, type: string, after: string): string =>
  `${before}concat({% for arg in args %}coalesce(cast({{ arg }} as ${type}), ''){{ '' if loop.last else ", '|'," }}{% endfor %})${after}`;

const columnNames = ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'];

const many = 'unique_key is sequence and unique_key is not string';
const firstKeyIs = (what: string): string =>
  `\n    {% if ${many} %}\n        {{ identifier }}.dbt_unique_key_1 is ${what}\n    {% else %}\n        {{ identifier }}.dbt_unique_key is ${what}\n    {% endif %}\n`;

/** What snapshots are built from. */
export const snapshotMacros = [
  dispatched(
    'snapshot_get_time',
    [],
    {
      default: '\n    {{ current_timestamp() }}\n',
      postgres: '{{ current_timestamp() }}::timestamp without time zone',
      'redshift duckdb': '{{ current_timestamp() }}::timestamp',
      snowflake: 'to_timestamp_ntz({{ current_timestamp() }})',
      sqlite: 'datetime()',
    },
    ['', ''],
  ),
  dispatched(
    'snapshot_string_as_time',
    ['timestamp'],
    {
      default: "{% do exceptions.raise_not_implemented('snapshot_string_as_time macro not implemented for adapter ' + adapter.type()) %}",
      postgres: `{{ return("'" ~ timestamp ~ "'::timestamp without time zone") }}`,
      'redshift duckdb': `{{ return("'" ~ timestamp ~ "'::timestamp") }}`,
      snowflake: `{{ return("to_timestamp_ntz('" ~ timestamp ~ "')") }}`,
      bigquery: `{{ return('TIMESTAMP("' ~ timestamp ~ '")') }}`,
      spark: `{{ return("to_timestamp('" ~ timestamp ~ "')") }}`,
      trino: `{{ return("timestamp '" ~ timestamp ~ "'") }}`,
      sqlserver: `{{ return("CONVERT(DATETIME2(6), '" ~ timestamp ~ "')") }}`,
      sqlite: `{{ return("'" ~ timestamp ~ "'") }}`,
    },
    ['', ''],
  ),
  dispatched(
    'snapshot_hash_arguments',
    ['args'],
    {
      default: hashed('md5(', 'varchar ', ')'),
      spark: hashed('md5(', 'string ', ')'),
      bigquery: concatenated('to_hex(md5(', 'string', '))'),
      trino: concatenated('lower(to_hex(md5(to_utf8(', 'varchar', '))))'),
      athena: hashed('to_hex(md5(to_utf8(', 'varchar ', ')))'),
      sqlite: hashed('hex(md5(', 'varchar ', '))'),
      sqlserver: `
    CONVERT(VARCHAR(32), HashBytes('MD5', {% for arg in args %}
        coalesce(cast({{ arg }} as varchar(8000)), '') {{ '' if loop.last else " + '|' + " }}
    {% endfor %}), 2)
`,
    },
    ['', ''],
  ),
  macro('get_snapshot_table_column_names', [], `{{ return({${columnNames.map((name) => `'${name}': '${name}'`).join(', ')}}) }}`),
  dispatched('get_true_sql', [], { default: "{{ return('TRUE') }}", sqlserver: "{{ return('1=1') }}" }, ['\n  ', '\n']),
  macro(
    'get_dbt_valid_to_current',
    ['strategy', 'columns'],
    `
  
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }})
  as {{ columns.dbt_valid_to }}
`,
  ),
  macro(
    'unique_key_fields',
    ['unique_key'],
    `
    {% if ${many} %}
        {% for key in unique_key %}
            {{ key }} as dbt_unique_key_{{ loop.index }}{{ '' if loop.last else ' ,' }}
        {% endfor %}
    {% else %}
        {{ unique_key }} as dbt_unique_key
    {% endif %}
`,
  ),
  macro(
    'unique_key_join_on',
    ['unique_key', 'identifier', 'from_identifier'],
    `
    {% if ${many} %}
        {% for key in unique_key %}
\t    
\t    
\t    {{ equals(identifier ~ '.dbt_unique_key_' ~ loop.index, from_identifier ~ '.dbt_unique_key_' ~ loop.index) }}{{ '' if loop.last else ' and' }}
        {% endfor %}
    {% else %}
        {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
    {% endif %}
`,
  ),
  macro('unique_key_is_null', ['unique_key', 'identifier'], firstKeyIs('null')),
  macro('unique_key_is_not_null', ['unique_key', 'identifier'], firstKeyIs('not null')),
].join('');
