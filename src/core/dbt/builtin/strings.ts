import { dispatched, macro } from './dispatched.ts';

/** A call with each argument on a line of its own, as most of dbt's string macros print theirs. */
const lines = (name: string, ...inner: readonly string[]): string =>
  `${name}(\n${inner.map((line) => `        ${line}`).join(',\n')}\n    )`;

const lastCharacters = (whenSome: string): string =>
  `\n    case when {{ length_expression }} = 0\n        then ''\n    else\n${whenSome}\n    end\n`;
const fromTheEnd = lastCharacters('        substr({{ string_text }}, -1 * ({{ length_expression }}))').trimEnd();

const backslashed = String.raw`{{ expression | replace("'", "\\'") }}`;

const hexOfMd5 = 'lower(to_hex(md5(to_utf8(cast({{ field }} as varchar)))))';

const partAtEnd = `          length({{ string_text }})
          - length(
              replace({{ string_text }},  {{ delimiter_text }}, '')
          )`;
const partsInPostgres = (edge: string): string =>
  `${edge}  {% if part_number < 0 %}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {% else %}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {% endif %}${edge}`;

/** Spark splits by a pattern, so that the first character of the delimiter is escaped. */
const sparkDelimiter = String.raw`{% set pattern %}

        -- escape if starts with a special character
        case when regexp_extract({{ delimiter_text }}, '([^A-Za-z0-9])(.*)', 1) != '_'
            then concat('\\', {{ delimiter_text }})
            else {{ delimiter_text }} end

    {% endset %}`;
const sparkSplit = 'split(\n            {{ string_text }},\n            {{ pattern }}\n            )';
const sparkPart = '{{ part_number - 1 if part_number > 0 else part_number }}';
const sparkFromEnd = `                length({{ string_text }})
                - length(
                    replace({{ string_text }},  {{ delimiter_text }}, '')
                ) + 1 + {{ part_number }}`;
const sparkParts = (some: string, fromEnd: string): string =>
  `${sparkDelimiter}{% set found %}

        {% if part_number >= 0 %}${some}{% else %}${fromEnd}{% endif %}

        {% endset %}{{ return(found) }}`;

const xmlPart = (which: string): string =>
  `LTRIM(CAST(('<X>'+REPLACE({{ string_text }},{{ delimiter_text }} ,'</X><X>')+'</X>') AS XML).value('${which}', 'VARCHAR(128)'))`;

/** Strings. */
export const stringMacros = [
  dispatched('concat', ['fields'], {
    default: "{{ fields | join(' || ') }}",
    spark: "concat({{ fields | join(', ') }})",
    sqlserver: "{% if fields | length > 1 %}concat({{ fields | join(', ') }}){% else %}{{ fields[0] }}{% endif %}",
  }),
  dispatched('hash', ['field'], {
    default: "md5(cast({{ field }} as {{ api.Column.translate_type('string') }}))",
    bigquery: 'to_hex({{ dbt.default__hash(field) }})',
    'trino athena': hexOfMd5,
    sqlserver: "\n    lower(convert(varchar(50), hashbytes('md5', coalesce(convert(varchar(8000), {{ field }}), '')), 2))\n",
    sqlite:
      "case \n      when {{ field }} is not null \n      then lower(hex(md5(cast({{ field }} as {{ api.Column.translate_type('string') }}))))\n    end",
  }),
  dispatched('length', ['expression'], {
    default: `\n\n    ${lines('length', '{{ expression }}')}`,
    redshift: `\n\n    ${lines('len', '{{ expression }}')}`,
    sqlserver: '\n\n    len( {{ expression }} )',
  }),
  dispatched('position', ['substring_text', 'string_text'], {
    default: `\n\n    ${lines('position', '{{ substring_text }} in {{ string_text }}')}`,
    bigquery: `\n\n    ${lines('strpos', '{{ string_text }}', '{{ substring_text }}\n')}`,
    sqlserver: `\n\n    ${lines('CHARINDEX', '{{ substring_text }}', '{{ string_text }}')}`,
    sqlite: '\n\n    instr({{ string_text }}, {{ substring_text }})',
  }),
  dispatched('replace', ['field', 'old_chars', 'new_chars'], {
    default: `\n\n    ${lines('replace', '{{ field }}', '{{ old_chars }}', '{{ new_chars }}')}\n\n\n`,
  }),
  dispatched('right', ['string_text', 'length_expression'], {
    default: `\n\n    ${lines('right', '{{ string_text }}', '{{ length_expression }}')}`,
    snowflake: `\n${lastCharacters('        right(\n            {{ string_text }},\n            {{ length_expression }}\n        )').trimEnd()}`,
    bigquery: `\n${lastCharacters('        substr(\n            {{ string_text }},\n            -1 * ({{ length_expression }})\n        )').trimEnd()}`,
    'trino athena': fromTheEnd,
    sqlite: `
    case
      when {{ length_expression }} <> 0 then 
      substr(
          {{ string_text }},
          -1 * {{ length_expression }}
      )
      else ''
    end`,
  }),
  dispatched('string_literal', ['value'], { default: "'{{ value }}'", bigquery: "'''{{ value }}'''" }),
  dispatched('escape_single_quotes', ['expression'], {
    default: `{{ expression | replace("'", "''") }}`,
    'bigquery snowflake spark': backslashed,
  }),
  dispatched('split_part', ['string_text', 'delimiter_text', 'part_number'], {
    default: '\n\n    split_part(\n        {{ string_text }},\n        {{ delimiter_text }},\n        {{ part_number }}\n        )\n\n',
    'postgres redshift': partsInPostgres('\n\n'),
    trino: partsInPostgres('\n'),
    duckdb: '\n    string_split({{ string_text }}, {{ delimiter_text }})[ {{ part_number }} ]\n',
    sqlserver: `\n    {% if part_number >= 0 %}\n        ${xmlPart('(/X)[{{ part_number }}]')}\n    {% else %}\n        ${xmlPart('(/X)[position() = last(){{ part_number }}+1][1]')}\n    {% endif %}\n`,
    bigquery: `

  {% set offset -%}
    {% if part_number >= 0 %}{{ part_number - 1 }}{% else %}
${partAtEnd} + 1 + {{ part_number }}
        {% endif %}
  {%- endset %}
    split(
        {{ string_text }},
        {{ delimiter_text }}
        )[safe_offset({{ offset }})]
  

`,
    spark: sparkParts(`${sparkSplit}[(${sparkPart})]`, `${sparkSplit}[(\n${sparkFromEnd}\n            )]`),
    databricks: sparkParts(`get(${sparkSplit}, ${sparkPart})`, `get(${sparkSplit}, \n${sparkFromEnd}\n            )`),
  }),
  macro(
    '_split_part_negative',
    ['string_text', 'delimiter_text', 'part_number'],
    `\n\n    split_part(\n        {{ string_text }},\n        {{ delimiter_text }},\n${partAtEnd} + 2 + {{ part_number }}\n        )\n\n`,
  ),
].join('');
