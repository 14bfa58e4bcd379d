import { dispatched, implementations, macro } from './dispatched.ts';

/** A query that gives the columns of another and no rows. */
const emptied = (condition: string): string => `{% if select_sql_header is not none %}{{ select_sql_header }}{% endif %}select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where ${condition}
    limit 0
`;

const suffixed = (
  length: string,
  stamped: boolean,
): string => `{% set end = suffix${stamped ? " ~ modules.datetime.datetime.now().strftime('%H%M%S%f')" : ''} -%}
{%- set room = ${length} - end | length -%}
{%- if room < 0 %}{{ exceptions.raise_compiler_error('Relation suffix is too long (' ~ end | length ~ ' characters). Maximum length is ' ~ ${length} ~ ' characters.') }}{% endif -%}
{%- set made = base_relation.incorporate(path={'identifier': base_relation.identifier[:room] ~ end}) -%}
`;
const simple = "base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})";
const longest = 'base_relation.relation_max_name_length()';

const inBackups = 'made.incorporate(type=backup_relation_type)';
const now = "modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')";

/** What T-SQL needs to know before it wraps a query: one that begins with a CTE cannot stand in parentheses. */
const beginsWithCte = String.raw`modules.re.sub('(?s)/\\*.*?\\*/|--[^\n]*\n', '', select_sql).strip().lower().startswith('with')`;

/** Statements and what they answer. */
const statements = [
  macro(
    'statement',
    ['name=none', 'fetch_result=false', 'auto_begin=true', "language='sql'"],
    `{% if execute -%}
  {%- set text = caller() -%}
  {%- if language == 'python' -%}{%- set response, rows = submit_python_job(model, text), none -%}
  {%- elif language == 'sql' -%}{%- set response, rows = adapter.execute(text, auto_begin=auto_begin, fetch=fetch_result) -%}
  {%- else -%}{{ exceptions.raise_compiler_error("statement macro didn't get supported language") }}
  {%- endif -%}
  {%- if name is not none -%}{{ store_result(name, response=response, agate_table=rows) }}{%- endif -%}
{%- endif %}`,
  ),
  macro(
    'noop_statement',
    ['name=none', 'message=none', 'code=none', 'rows_affected=none', 'res=none'],
    `{% set text = caller() -%}
{%- if name is not none -%}{{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}{%- endif %}`,
  ),
  macro(
    'run_query',
    ['sql'],
    `{% call statement('run_query_statement', fetch_result=true, auto_begin=false) %}
    {{ sql }}
  {% endcall %}{{ return(load_result('run_query_statement').table) }}`,
  ),
  macro('is_incremental', [], '{{ return(builtins.is_incremental()) }}'),
  macro('should_full_refresh', [], "{% set own = config.get('full_refresh') %}{{ return(flags.FULL_REFRESH if own is none else own) }}"),
  macro(
    'should_store_failures',
    [],
    "{% set own = config.get('store_failures') %}{{ return(flags.STORE_FAILURES if own is none else own) }}",
  ),
  macro('set_sql_header', ['config'], "{{ config.set('sql_header', caller()) }}"),
  macro('py_current_timestring', [], `{{ return(${now}) }}`),
  implementations('get_limit_sql', ['sql', 'limit'], {
    default: '\n  {{ sql }}\n  {% if limit is not none %}\n  limit {{ limit }}{% endif %}',
    sqlserver: `{% if limit is none or limit == -1 %}{{ sql }}
{%- elif sql.strip().splitlines()[-1].strip().lower().startswith('order by') %}{{ sql }}
        offset 0 rows  fetch first {{ limit }} rows only
{%- else %}{{ sql }}
        order by (select null) offset 0 rows fetch first {{ limit }} rows only
{%- endif -%}
`,
  }),
  macro('get_limit_subquery_sql', ['sql', 'limit'], "{{ adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) }}"),
  macro(
    'get_show_sql',
    ['compiled_code', 'sql_header', 'limit'],
    '{% if sql_header is not none %}{{ sql_header }}{% endif %}\n  {{ get_limit_subquery_sql(compiled_code, limit) }}\n',
  ),
  dispatched('get_binding_char', [], {
    default: "{{ return('%s') }}",
    'duckdb sqlserver sqlite': "{{ return('?') }}",
    spark: "{{ return('?' if target.method == 'odbc' else '%s') }}",
    databricks: "{{ return('%s') }}",
    trino: "{{ return('?' if target.prepared_statements_enabled | as_bool else '%s') }}",
  }),
  dispatched('get_batch_size', [], {
    default: '{{ return(10000) }}',
    redshift: '{{ return(500) }}',
    trino: '{{ return(1000) }}',
    sqlserver: '{{ return(400) }}',
  }),
].join('');

/** Columns and queries about them. */
const columns = [
  macro('get_columns_in_relation', ['relation'], '{{ return(adapter.get_columns_in_relation(relation)) }}'),
  macro(
    'sql_convert_columns_in_relation',
    ['table'],
    '{% set found = [] %}{% for row in table %}{% do found.append(api.Column(*row)) %}{% endfor %}{{ return(found) }}',
  ),
  macro('get_list_of_column_names', ['columns'], "{{ return(columns | map(attribute='name') | list) }}"),
  dispatched('get_columns_for_unit_tests', ['relation'], { default: '{{ return(adapter.get_columns_in_relation(relation)) }}' }),
  dispatched('get_empty_subquery_sql', ['select_sql', 'select_sql_header=none'], {
    default: emptied('false'),
    bigquery: emptied('false and current_timestamp() = current_timestamp()'),
    sqlserver: `
    {% if ${beginsWithCte} %}
        {{ select_sql }}
    {% else -%}
        select * from (
        {{ select_sql }}
    ) dbt_sbq_tmp
    where 1 = 0{% endif -%}
`,
  }),
  dispatched('get_empty_schema_sql', ['columns'], {
    default: `{% set untyped = [] -%}
{%- set sizeless = [] %}select
    {% for key in columns %}{% set column = columns[key] -%}
      {%- if column['data_type'] is not defined %}{% do untyped.append(column['name']) %}
      {%- elif column['data_type'].strip().lower() in ['numeric', 'decimal', 'number'] %}{% do sizeless.append(column['name']) %}
      {%- endif %}
      {{ cast('null', column['data_type']) }} as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ '' if loop.last else ', ' }}
    {%- endfor -%}
    {%- if untyped %}{{ exceptions.column_type_missing(column_names=untyped) }}
    {%- elif sizeless %}{% do exceptions.warn('Numbers without precision and scale may be rounded: ' ~ sizeless) %}
    {%- endif -%}
`,
  }),
  macro(
    'get_column_schema_from_query',
    ['select_sql', 'select_sql_header=none'],
    '{{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}',
  ),
  dispatched('get_columns_in_query', ['select_sql'], {
    default: `{% call statement('get_columns_in_query', fetch_result=true, auto_begin=false) -%}
        {{ get_empty_subquery_sql(select_sql) }}
    {% endcall %}{{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}`,
  }),
  macro(
    'get_quoted_csv',
    ['column_names'],
    "{% set quoted = [] %}{% for name in column_names %}{% do quoted.append(adapter.quote(name)) %}{% endfor %}{{ return(quoted | join(', ')) }}",
  ),
  macro(
    'diff_columns',
    ['source_columns', 'target_columns'],
    `{% set names = target_columns | map(attribute='column') | list -%}
{{ return(source_columns | rejectattr('name', 'in', names) | list) }}`,
  ),
  dispatched('diff_column_data_types', ['source_columns', 'target_columns'], {
    default: `{% set changed = [] -%}
{%- for own in source_columns -%}
{%- set other = target_columns | selectattr('name', 'equalto', own.name) | first -%}
{%- if other and own.expanded_data_type != other.expanded_data_type and not own.can_expand_to(other) -%}
{%- do changed.append({'column_name': other.name, 'new_type': own.expanded_data_type}) -%}
{%- endif -%}
{%- endfor -%}
{{ return(changed) }}`,
  }),
  dispatched('get_merge_update_columns', ['merge_update_columns', 'merge_exclude_columns', 'dest_columns'], {
    default: `{% if merge_update_columns and merge_exclude_columns %}{{ exceptions.raise_compiler_error(
        'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config'
    ) }}{% elif merge_update_columns %}{{ return(merge_update_columns) }}{% endif -%}
{%- set left_out = (merge_exclude_columns or []) | map('lower') | list -%}
{%- set kept = [] -%}
{%- if target.type in ['spark', 'databricks'] and not left_out %}{{ return(none) }}{% endif -%}
{%- for column in dest_columns if column.column | lower not in left_out %}{% do kept.append(column.quoted) %}{% endfor -%}
{{ return(kept) }}`,
  }),
].join('');

/** Relations and their names. */
const relations = [
  macro(
    'load_cached_relation',
    ['relation'],
    '{{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}',
  ),
  macro('load_relation', ['relation'], '{{ return(load_cached_relation(relation)) }}'),
  dispatched('get_or_create_relation', ['database', 'schema', 'identifier', 'type'], {
    default: `{% set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
{{ return([true, found] if found else [false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}`,
  }),
  macro('create_schema', ['relation'], ''),
  macro('drop_relation', ['relation'], ''),
  macro('drop_relation_if_exists', ['relation'], ''),
  macro('truncate_relation', ['relation'], ''),
  macro(
    'make_temp_relation',
    ['base_relation', "suffix='__dbt_tmp'"],
    `{% set batch = '_' ~ model.batch.id if suffix == '__dbt_tmp' and model.batch else '' -%}
{{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix ~ batch)) }}`,
  ),
  ...dispatchedRelation('temp', {
    default: `{{ return(${simple}) }}`,
    postgres: `${suffixed(longest, true)}{{ return(made.incorporate(path={'schema': none, 'database': none})) }}`,
    bigquery: `${suffixed('1024', true)}{{ return(made) }}`,
    spark: `{{ return(${simple}.include(database=false, schema=false)) }}`,
    databricks: `{{ return(api.Relation.create(identifier=base_relation.identifier ~ suffix, type='view')) }}`,
    duckdb: `{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix ~ ${now}, 'schema': none, 'database': none})) }}`,
    sqlite: `{{ return(base_relation.incorporate(path={'schema': 'temp', 'identifier': base_relation.identifier ~ suffix})) }}`,
  }),
  macro(
    'make_intermediate_relation',
    ['base_relation', "suffix='__dbt_tmp'"],
    "{{ return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) }}",
  ),
  ...dispatchedRelation('intermediate', {
    default: `{{ return(${simple}) }}`,
    postgres: `${suffixed(longest, false)}{{ return(made) }}`,
    bigquery: `${suffixed('1024', false)}{{ return(made) }}`,
    databricks: '{{ return(databricks__make_temp_relation(base_relation, suffix)) }}',
  }),
  dispatched('make_backup_relation', ['base_relation', 'backup_relation_type', "suffix='__dbt_backup'"], {
    default: `{{ return(${simple}.incorporate(type=backup_relation_type)) }}`,
    postgres: `${suffixed(longest, false)}{{ return(${inBackups}) }}`,
    bigquery: `${suffixed('1024', false)}{{ return(${inBackups}) }}`,
  }),
  dispatched('information_schema_name', ['database'], {
    default: '{% if database %}{{ database }}.INFORMATION_SCHEMA{% else %}INFORMATION_SCHEMA{% endif %}',
    sqlserver: 'information_schema',
    postgres: '{% if database %}{{ adapter.verify_database(database) }}{% endif %}information_schema',
  }),
].join('');

function dispatchedRelation(kind: string, versions: Readonly<Record<string, string>>): string[] {
  return Object.entries(versions).map(([adapter, body]) => macro(`${adapter}__make_${kind}_relation`, ['base_relation', 'suffix'], body));
}

/** Ranges of partitions, as dates or their text. */
const partitions = [
  macro(
    'convert_datetime',
    ['date_str', 'date_fmt'],
    `{% set sentence = "The provided partition date '" ~ date_str ~ "' does not match the expected format '" ~ date_fmt ~ "'" -%}
{{ return(try_or_compiler_error(sentence, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) }}`,
  ),
  macro(
    'dates_in_range',
    ['start_date_str', 'end_date_str=none', 'in_fmt="%Y%m%d"', 'out_fmt="%Y%m%d"'],
    `{% set first = convert_datetime(start_date_str, in_fmt) -%}
{%- set last = first if end_date_str is none else convert_datetime(end_date_str, in_fmt) -%}
{%- if last < first %}{{ exceptions.raise_compiler_error('Partition start date is after the end date (' ~ first ~ ', ' ~ last ~ ')') }}{% endif -%}
{%- set found = [] -%}
{%- for days in range((last - first).days + 1) -%}
{%- set day = first + modules.datetime.timedelta(days=days) -%}
{%- do found.append(day.strftime(out_fmt) if out_fmt else day) -%}
{%- endfor -%}
{{ return(found) }}`,
  ),
  macro(
    'partition_range',
    ['raw_partition_date', "date_fmt='%Y%m%d'"],
    `{% set ends = (raw_partition_date | string).split(',') -%}
{%- if ends | length > 2 %}{{ exceptions.raise_compiler_error('Invalid partition time. Expected format: {Start Date}[,{End Date}]. Got: ' ~ raw_partition_date) }}{% endif -%}
{{ return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) }}`,
  ),
  macro('date_sharded_table', ['base_name'], "{{ return(base_name ~ '[DBT__PARTITION_DATE]') }}"),
].join('');

/** Queries, relations and run state. */
export const databaseMacros = statements + columns + relations + partitions;
