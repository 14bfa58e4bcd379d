type Keys = readonly (readonly [key: string, meaning: string])[];

const entry: Keys = [
  ['name', 'the name it is known by'],
  ['description', 'what it is, in a sentence or more'],
  ['config', 'settings: materialized, tags, meta, …'],
  ['tags', 'labels to select by'],
  ['meta', 'anything of your own'],
];

const relation: Keys = [
  ...entry,
  ['columns', 'its columns'],
  ['data_tests', 'tests on it as a whole'],
  ['docs', 'whether it is shown in the documentation'],
];

const column: Keys = [
  ['name', 'as the SQL calls it'],
  ['description', 'what a value means'],
  ['data_type', 'its type, which a contract holds'],
  ['data_tests', 'unique, not_null, relationships, …'],
  ['constraints', 'what the database holds: not_null, primary_key, …'],
  ['quote', 'whether the name is quoted'],
  ['tags', 'labels to select by'],
  ['meta', 'anything of your own'],
];

const tests: Keys = [
  ['arguments', 'what the test is given'],
  ['config', 'severity, where, limit, …'],
  ['name', 'the name it is known by'],
  ['severity', 'warn or error'],
  ['where', 'a condition on the rows that are tested'],
];

const byPath: Readonly<Record<string, Keys>> = {
  '': [
    ['version', '2'],
    ['models', 'properties of models'],
    ['sources', 'tables that something else loads'],
    ['seeds', 'properties of seeds'],
    ['snapshots', 'snapshots and their properties'],
    ['macros', 'what macros are for'],
    ['exposures', 'dashboards and applications that read models'],
    ['metrics', 'measures with a name'],
    ['semantic_models', 'entities, dimensions and measures of a model'],
    ['unit_tests', 'rows in, rows out'],
    ['groups', 'owners of models'],
  ],
  models: [
    ...relation,
    ['access', 'private, protected or public'],
    ['group', 'the group that owns it'],
    ['constraints', 'of the whole table'],
    ['versions', 'versions of the model'],
    ['latest_version', 'the one that ref means'],
  ],
  seeds: relation,
  snapshots: [...relation, ['relation', 'what it takes its rows from']],
  analyses: entry,
  sources: [
    ...entry,
    ['schema', 'the schema of its tables'],
    ['database', 'the database of its tables'],
    ['loader', 'what loads it'],
    ['loaded_at_field', 'the column that tells freshness'],
    ['freshness', 'how old it may be'],
    ['tables', 'its tables'],
  ],
  'sources.tables': [
    ...relation,
    ['identifier', 'the name in the database'],
    ['loaded_at_field', 'the column that tells freshness'],
    ['freshness', 'how old it may be'],
  ],
  macros: [...entry, ['arguments', 'what it is given']],
  'macros.arguments': [
    ['name', 'as the macro calls it'],
    ['type', 'string, column name, …'],
    ['description', 'what it is for'],
  ],
  exposures: [
    ...entry,
    ['label', 'the name that people see'],
    ['type', 'dashboard, notebook, analysis, ml, application'],
    ['url', 'where it is'],
    ['maturity', 'high, medium or low'],
    ['owner', 'name and email'],
    ['depends_on', 'the models it reads'],
  ],
  metrics: [
    ...entry,
    ['label', 'the name that people see'],
    ['type', 'simple, ratio, derived, cumulative, conversion'],
    ['type_params', 'what it measures'],
    ['filter', 'which rows count'],
  ],
  unit_tests: [
    ...entry,
    ['model', 'the model under test'],
    ['given', 'the rows it reads'],
    ['expect', 'the rows it makes'],
    ['overrides', 'macros and vars for this test'],
  ],
  'unit_tests.given': [
    ['input', "ref('model') or source('a', 'b')"],
    ['rows', 'mappings of column to value'],
    ['format', 'dict, csv or sql'],
    ['fixture', 'a file with the rows'],
  ],
  'unit_tests.expect': [
    ['rows', 'mappings of column to value'],
    ['format', 'dict, csv or sql'],
    ['fixture', 'a file with the rows'],
  ],
};

/** The keys that may stand below some others, with what each is for; undefined where anything may. */
export function keysAt(path: readonly string[]): Keys | undefined {
  const last = path[path.length - 1];
  const before = path[path.length - 2];
  if (last === 'columns' && path.length > 1) return column;
  if (before === 'tests' || before === 'data_tests') return tests;
  if (last === 'config')
    return [
      ['materialized', 'view, table, incremental, ephemeral'],
      ['tags', 'labels to select by'],
      ['meta', 'anything of your own'],
      ['enabled', 'whether it exists'],
      ['schema', 'a schema of its own'],
      ['alias', 'the name in the database'],
      ['contract', 'holds names and types'],
      ['unique_key', 'what tells rows apart'],
      ['incremental_strategy', 'append, merge, delete+insert'],
    ];
  return byPath[path.join('.')];
}
