import { argument, isTruthy } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Callable, Value } from '../jinja/values.ts';
import { Dict, PyModule, PyObject, toTuple } from '../jinja/values.ts';
import { Column, columnClass } from './column.ts';
import type { RelationName } from './environment.ts';
import { fromPlain } from './plain.ts';
import { Relation, relationClass } from './relation.ts';
import type { Session } from './session.ts';
import { toTable } from './table.ts';

/** `adapter`. In the parse phase what would ask the database gives nothing, as dbt's own stand-in does. */
export function adapterObject(session: Session): Value {
  const { traits, environment } = session;
  const quote = (text: string): string => `${traits.quote[0]}${text}${traits.quote[1]}`;
  const atRun =
    (whileParsing: () => Value, run: Callable): Callable =>
    (args, keywords) =>
      session.executes ? session.ask(() => run(args, keywords)) : whileParsing();
  const getRelation: Callable = (args, keywords) => {
    const [database, schema, identifier] = ['database', 'schema', 'identifier'].map((part, i) => argument(args, keywords, i, part) ?? null);
    const name: RelationName = {
      identifier: toText(identifier ?? ''),
      ...(schema === null || schema === undefined ? {} : { schema: toText(schema) }),
      ...(database === null || database === undefined ? {} : { database: toText(database) }),
    };
    const found = environment.resolver.relationNamed?.(name);
    return found ? session.relation(found) : null;
  };
  const execute: Callable = (args, keywords) => {
    const sql = toText(argument(args, keywords, 0, 'sql') ?? '').trim();
    return toTuple(['OK', session.ask(() => toTable(session.query(sql)))]);
  };
  const missingColumns: Callable = (args) => {
    const [from, to] = [columnsOf(session, args[0]), columnsOf(session, args[1])];
    const present = new Set(to.map((column) => column.name.toLowerCase()));
    return from.filter((column) => !present.has(column.name.toLowerCase()));
  };
  // What stands in the database is known to the database alone: these are asked, never guessed.
  const inCatalog = (column: string, view: string, where: string, name: Value | undefined): Value[] => {
    const sql = `select ${column} from information_schema.${view} where ${where} = '${toText(name ?? '')}'`;
    const { rows } = session.query(sql);
    return rows.map((row) => fromPlain(row[0] ?? null));
  };
  const quietly = () => null;
  const members: Record<string, Value> = {
    dispatch: (args, keywords) => {
      const namespace = argument(args, keywords, 1, 'macro_namespace') ?? keywords.get('packages') ?? null;
      const place = namespace === null ? undefined : Array.isArray(namespace) ? toText(namespace[0] ?? '') : toText(namespace);
      return session.dispatch(toText(argument(args, keywords, 0, 'macro_name') ?? ''), place);
    },
    type: () => environment.target.type,
    quote: (args) => quote(toText(args[0] ?? '')),
    quote_as_configured: (args) => {
      const part = toText(args[1] ?? 'identifier') as 'database' | 'schema' | 'identifier';
      return traits.quoted[part] === false ? toText(args[0] ?? '') : quote(toText(args[0] ?? ''));
    },
    quote_seed_column: (args) =>
      args[1] === undefined || args[1] === null || isTruthy(args[1]) ? quote(toText(args[0] ?? '')) : toText(args[0] ?? ''),
    Relation: relationClass(traits),
    Column: columnClass(traits),
    get_relation: atRun(() => null, getRelation),
    load_relation: atRun(
      () => null,
      (args, keywords) =>
        args[0] instanceof Relation
          ? getRelation([args[0].name.database ?? null, args[0].name.schema ?? null, args[0].name.identifier], keywords)
          : null,
    ),
    already_exists: atRun(
      () => false,
      (args, keywords) => getRelation([session.subject.relation.database ?? null, ...args], keywords) !== null,
    ),
    get_columns_in_relation: atRun(
      () => [],
      (args, keywords) => columnsOf(session, argument(args, keywords, 0, 'relation')),
    ),
    get_columns_and_pseudocolumns_for_relation: atRun(
      () => [],
      (args, keywords) => columnsOf(session, argument(args, keywords, 0, 'relation')),
    ),
    get_column_schema_from_query: atRun(
      () => [],
      (args) => {
        const answer = session.query(toText(args[0] ?? '').trim());
        return answer.columns.map((column) => new Column(column.name, column.type ?? traits.stringType, traits));
      },
    ),
    get_missing_columns: atRun(() => [], missingColumns),
    execute: atRun(() => toTuple([null, toTable({ columns: [], rows: [] })]), execute),
    run_query: atRun(() => null, execute),
    check_schema_exists: atRun(
      () => false,
      (args) => isTruthy(inCatalog('schema_name', 'schemata', 'schema_name', args[1]).length),
    ),
    list_relations_without_caching: atRun(
      () => [],
      (args) => inCatalog('table_name', 'tables', 'table_schema', args[0] instanceof Relation ? (args[0].name.schema ?? null) : args[0]),
    ),
    list_relations: atRun(
      () => [],
      (args, keywords) => inCatalog('table_name', 'tables', 'table_schema', argument(args, keywords, 1, 'schema')),
    ),
    list_schemas: atRun(
      () => [],
      () => inCatalog('schema_name', 'schemata', 'catalog_name', environment.target.database ?? null),
    ),
    behavior: behaviorFlags(session),
    has_dbr_capability: () => true,
    get_binding_char: () => '?',
    get_pseudocolumns_for_relation: () => [],
    build_catalog_relation: () => null,
    get_hard_deletes_behavior: (args) => hardDeletes(session, args[0] ?? null),
    valid_incremental_strategies: () => ['append', 'delete+insert', 'merge'],
    is_replaceable: () => true,
    parse_partition_by: (args) => args[0] ?? null,
    location_exists: atRun(
      () => false,
      (args) => session.needData(`-- does ${toText(args[0] ?? '')} exist?`),
    ),
    external_root: () => '.',
    convert_type: () => traits.stringType,
    verify_database: () => '',
    nice_connection_name: () => session.subject.name,
  };
  const silent = [
    'create_schema',
    'drop_schema',
    'drop_relation',
    'truncate_relation',
    'rename_relation',
    'expand_target_column_types',
    'add_query',
    'commit',
    'commit_if_has_connection',
    'cache_added',
    'cache_dropped',
    'cache_renamed',
    'expand_column_types',
    'get_catalog',
    'standardize_grants_dict',
    'set_table_properties',
  ];
  for (const name of silent) members[name] = quietly;
  return new Adapter(members);
}

/** The flags by which projects choose between an old and a new behavior, at the value that dbt gives them; projects set theirs in `flags:`. */
const behaviorDefaults: Readonly<Record<string, boolean>> = {
  enable_truthy_nulls_equals_macro: false,
  dbt_sqlserver_use_default_schema_concat: true,
};

function behaviorFlags(session: Session): Value {
  const set = session.environment.flags;
  const flags = Object.entries(behaviorDefaults).map(([name, value]) => [
    name,
    new BehaviorFlag(set[name] === undefined ? value : set[name] === true),
  ]);
  return new PyModule('behavior', Object.fromEntries(flags));
}

/** A flag is true or false itself, and has members for where it is asked about. */
class BehaviorFlag extends PyObject {
  constructor(readonly setting: boolean) {
    super();
  }

  override get typeName(): string {
    return 'BehaviorFlagRendered';
  }

  override truth(): boolean {
    return this.setting;
  }

  override attribute(name: string): Value | undefined {
    return name === 'no_warn' || name === 'setting' ? this.setting : undefined;
  }
}

/** What a snapshot does with rows that are gone, by its newer or its older key. */
function hardDeletes(session: Session, config: Value): Value {
  const read = (key: string): Value => {
    const get = config instanceof Dict ? config.get(key) : undefined;
    return get ?? fromPlain(session.subject.config[key] ?? null);
  };
  const chosen = read('hard_deletes');
  if (chosen !== null) return chosen;
  return isTruthy(read('invalidate_hard_deletes')) ? 'invalidate' : 'ignore';
}

class Adapter extends PyObject {
  readonly module: PyModule;

  constructor(members: Readonly<Record<string, Value>>) {
    super();
    this.module = new PyModule('adapter', members);
  }

  override get typeName(): string {
    return 'Adapter';
  }

  override attribute(name: string): Value | undefined {
    return this.module.attribute(name);
  }
}

function columnsOf(session: Session, value: Value | undefined): Column[] {
  if (!(value instanceof Relation)) return [];
  const { name } = value;
  const columns = session.environment.columnsOf?.(name);
  if (columns) return columns.map((column) => new Column(column.name, column.type, session.traits));
  const sql = `select * from ${value.text()} where 1 = 0`;
  const answer = session.environment.runQuery?.(sql);
  if (answer) return answer.columns.map((column) => new Column(column.name, column.type ?? session.traits.stringType, session.traits));
  return session.needData(sql);
}
