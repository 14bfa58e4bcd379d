import { PyError, raise } from '../jinja/errors.ts';
import { jinjaGlobals } from '../jinja/globals.ts';
import { parseJson, toJson } from '../jinja/json.ts';
import { argument, isTruthy, iterate, lengthOf, takeSome } from '../jinja/protocols.ts';
import { buildDateTime, buildDatetimeModule } from '../jinja/python-datetime.ts';
import { buildItertoolsModule } from '../jinja/python-itertools.ts';
import { buildRegexModule } from '../jinja/python-regex.ts';
import { utc, Zone } from '../jinja/python-zone.ts';
import { toText } from '../jinja/repr.ts';
import type { Callable, Keywords, Value } from '../jinja/values.ts';
import { Dict, Endless, PyModule, PyObject, PySet, toTuple } from '../jinja/values.ts';
import { md5 } from '../text/md5.ts';
import { adapterObject } from './adapter-object.ts';
import { columnClass } from './column.ts';
import { configObject, functionFunction, metricFunction, refFunction, sourceFunction } from './context-nodes.ts';
import { VarFunction } from './context-vars.ts';
import type { PlainRecord } from './environment.ts';
import { MissingValue } from './missing-package.ts';
import { fromPlain, toDict, whenRead } from './plain.ts';
import { relationClass } from './relation.ts';
import type { Session } from './session.ts';
import { ReturnSignal } from './stops.ts';
import { Table, toTable } from './table.ts';
import { toYaml } from './yaml-dump.ts';
import { parseYaml } from './yaml-load.ts';

const nothing: Callable = () => '';

/** dbt's context: every name with what gives its value in a rendering. */
const members: Readonly<Record<string, (session: Session) => Value>> = {
  ref: (session) => refFunction(session),
  source: (session) => sourceFunction(session),
  metric: (session) => metricFunction(session),
  function: (session) => functionFunction(session),
  config: (session) => configObject(session),
  var: (session) => new VarFunction(session),
  env_var: (session) => envVar(session),
  adapter: (session) => adapterObject(session),
  api: (session) => new PyModule('api', { Relation: relationClass(session.traits), Column: columnClass(session.traits) }),
  this: (session) => session.relation(session.subject.relation),
  target: (session) => targetDict(session),
  // Every name of a schema is made with it, and few macros look into it.
  model: (session) => Dict.whenRead(() => modelDict(session).entries()),
  graph: (session) => (session.executes ? graphValue(session.environment.resolver.graph()) : new Dict()),
  flags: (session) => flagsObject(session),
  modules: (session) => modules(session),
  exceptions: (session) => exceptions(session),
  builtins: (session) => new Lookup((name) => session.contextValue(name), session),
  context: (session) => new Lookup((name) => session.lookUp(name) ?? jinjaGlobals.get(name), session),
  execute: (session) => session.executes,
  database: (session) => session.environment.target.database ?? null,
  schema: (session) => session.environment.target.schema,
  dbt_version: (session) => session.environment.dbtVersion,
  invocation_id: (session) => session.environment.invocationId,
  invocation_args_dict: (session) => invocationArguments(session),
  run_started_at: (session) => startOf(session),
  project_name: (session) => session.environment.projectName,
  thread_id: () => 'Thread-1',
  connection_name: (session) => session.subject.id ?? session.subject.name,
  selected_resources: () => [],
  dbt_metadata_envs: () => new Dict(),
  diff_of_two_dicts: () => (args) => diffOfDicts(args[0], args[1]),
  pre_hooks: () => [],
  post_hooks: () => [],
  sql: () => null,
  validation: () => new PyModule('validation', { any: new PyModule('any', {}, () => null) }),
  local_md5: () => (args) => md5(toText(args[0] ?? '')),
  is_incremental: (session) => () => session.executes && session.subject.incremental === true,
  return: () => (args) => {
    throw new ReturnSignal(args[0] ?? null);
  },
  log: (session) => (args) => {
    session.logs.push(toText(args[0] ?? ''));
    return '';
  },
  print: (session) => (args) => {
    session.logs.push(toText(args[0] ?? ''));
    return '';
  },
  render: (session) => (args) => session.renderText(toText(args[0] ?? ''), 'render'),
  doc: (session) => (args) => docText(session, args.map(toText)),
  write: () => nothing,
  submit_python_job: () => nothing,
  tojson: () => (args, keywords) => {
    try {
      return toJson(args[0] ?? null, { sortKeys: isTruthy(argument(args, keywords, 2, 'sort_keys') ?? false) });
    } catch (error) {
      // What JSON cannot hold is the template's mistake; only a value it refuses has a default.
      if (error instanceof PyError && error.pyType === 'TypeError') throw error;
      return otherwise(error, argument(args, keywords, 1, 'default'));
    }
  },
  fromjson: () => (args, keywords) => {
    try {
      return parseJson(toText(argument(args, keywords, 0, 'string') ?? ''));
    } catch (error) {
      return otherwise(error, argument(args, keywords, 1, 'default'));
    }
  },
  toyaml: () => (args, keywords) => {
    try {
      return toYaml(args[0] ?? null, isTruthy(argument(args, keywords, 2, 'sort_keys') ?? false));
    } catch (error) {
      if (error instanceof PyError && error.pyType === 'RepresenterError') return argument(args, keywords, 1, 'default') ?? null;
      throw error;
    }
  },
  fromyaml: () => (args, keywords) => parseYaml(toText(args[0] ?? '')) ?? argument(args, keywords, 1, 'default') ?? null,
  set: () => (args, keywords) =>
    attempt(() => new PySet(args.length === 0 ? [] : iterate(args[0] ?? null)), argument(args, keywords, 1, 'default')),
  set_strict: () => (args) => new PySet(args.length === 0 ? [] : iterate(args[0] ?? null)),
  zip: () => (args, keywords) => attempt(() => zip(args), keywords.get('default')),
  zip_strict: () => (args) => zip(args),
  store_result: (session) => (args, keywords) => storeResult(session, args, keywords),
  store_raw_result: (session) => (args, keywords) => storeResult(session, args, keywords),
  load_result: (session) => (args) => session.results.get(toText(args[0] ?? '')) ?? null,
  try_or_compiler_error: (session) => (args, keywords) => {
    const [message = '', callee = null, ...rest] = args;
    try {
      return session.runtime.call(callee, rest, keywords);
    } catch (error) {
      if (error instanceof PyError) raise('CompilationError', toText(message));
      throw error;
    }
  },
};

const context = new Map(Object.entries(members));
for (const [name, value] of jinjaGlobals) context.set(name, () => value);

/** The names of dbt's context. */
export const contextNames: Iterable<string> = [...context.keys()];

/** What a name of dbt's context gives in a rendering; a session asks once for each that its template reads. */
export function makeContextValue(session: Session, name: string): Value | undefined {
  return context.get(name)?.(session);
}

function otherwise(error: unknown, value: Value | undefined): Value {
  if (error instanceof PyError) return value ?? null;
  throw error;
}

function attempt(make: () => Value, value: Value | undefined): Value {
  try {
    return make();
  } catch (error) {
    return otherwise(error, value);
  }
}

/** What the lists of one dict have that those of another do not, whatever the case of keys and values. */
function diffOfDicts(left: Value | undefined, right: Value | undefined): Value {
  if (!(left instanceof Dict) || !(right instanceof Dict)) raise('AttributeError', 'diff_of_two_dicts() takes two dicts of lists');
  const folded = (value: Value) => toText(value).toLowerCase();
  const known = new Map([...right.entries()].map(([key, items]) => [folded(key), new Set(iterate(items).map(folded))]));
  const found = new Dict();
  for (const [key, items] of left.entries()) {
    const others = known.get(folded(key));
    const rest = others === undefined ? items : iterate(items).filter((item) => !others.has(folded(item)));
    if (others === undefined || lengthOf(rest) > 0) found.set(key, rest);
  }
  return found;
}

function zip(args: readonly Value[]): Value {
  const ends = args.map((items) => (items instanceof Endless ? undefined : [...iterate(items)]));
  const length = args.length === 0 ? 0 : Math.min(...ends.flatMap((list) => (list === undefined ? [] : [list.length])));
  if (length === Number.POSITIVE_INFINITY) raise('OverflowError', 'zip() of what never ends never ends');
  const lists = ends.map((list, at) => list ?? takeSome(args[at] ?? null, length));
  return Array.from({ length }, (_, i) => toTuple(lists.map((list) => list[i] as Value)));
}

function storeResult(session: Session, args: readonly Value[], keywords: Keywords): Value {
  const name = toText(argument(args, keywords, 0, 'name') ?? '');
  const table = keywords.get('agate_table') ?? args[2] ?? toTable({ columns: [], rows: [] });
  const data = table instanceof Table ? table.rows.map((row) => [...row.items]) : table instanceof MissingValue ? table : [];
  session.results.set(name, Dict.of({ response: argument(args, keywords, 1, 'response') ?? null, data, table }));
  return '';
}

const graphValues = new WeakMap<PlainRecord, Value>();

/** The graph as a value, made once for all templates that read it: large projects have thousands of both. */
function graphValue(graph: PlainRecord): Value {
  const known = graphValues.get(graph);
  if (known !== undefined) return known;
  const value = whenRead(graph);
  graphValues.set(graph, value);
  return value;
}

function envVar(session: Session): Callable {
  return (args, keywords) => {
    const name = toText(argument(args, keywords, 0, 'var') ?? '');
    session.envRead.add(name);
    const value = session.environment.env[name] ?? argument(args, keywords, 1, 'default');
    if (value !== undefined && value !== null) return value;
    if (session.environment.standInForEnv !== true) raise('EnvVarMissingError', `Env var required but not provided: '${name}'`);
    session.missingEnv.add(name);
    return name;
  };
}

function targetDict(session: Session): Value {
  const { target } = session.environment;
  const dict = fromPlain({
    name: target.name,
    type: target.type,
    schema: target.schema,
    database: target.database ?? null,
    dbname: target.database ?? null,
    profile_name: target.profileName ?? 'default',
    target_name: target.name,
    threads: target.threads ?? 1,
    ...(target.type === 'bigquery' ? { project: target.database ?? null, dataset: target.schema } : {}),
    ...target.fields,
  });
  return dict;
}

function modelDict(session: Session): Dict {
  const { subject } = session;
  const { relation } = subject;
  return toDict({
    unique_id: subject.id ?? `model.${subject.package}.${subject.name}`,
    name: subject.name,
    package_name: subject.package,
    resource_type: subject.resourceType,
    path: subject.path,
    original_file_path: subject.path,
    database: relation.database ?? null,
    schema: relation.schema ?? null,
    alias: relation.identifier,
    raw_code: subject.text,
    language: 'sql',
    columns: {},
    meta: {},
    tags: [],
    description: '',
    depends_on: { nodes: [], macros: [] },
    refs: [],
    sources: [],
    config: subject.config,
    fqn: [subject.package, subject.name],
    ...subject.model,
  });
}

/** `doc`: the text of a docs block, where descriptions are rendered; nothing in a node's own text. */
function docText(session: Session, names: readonly string[]): Value {
  const { docs } = session.environment;
  if (docs === undefined) return '';
  const [first = '', second] = names;
  const text = second === undefined ? docs(first, undefined, session.subject.package) : docs(second, first, session.subject.package);
  return text ?? raise('CompilationError', `There is no docs block '${names.join('.')}'.`);
}

/** The command that a text is rendered for: the one that builds or tests its node, unless the caller names another. */
function commandOf({ environment, subject }: Session): string {
  const { WHICH: asked } = environment.flags ?? {};
  if (typeof asked === 'string') return asked;
  return ({ test: 'test', unit_test: 'test', snapshot: 'snapshot', seed: 'seed' } as Record<string, string>)[subject.resourceType] ?? 'run';
}

const usualFlags: PlainRecord = {
  CACHE_SELECTED_ONLY: false,
  DEBUG: false,
  DEFER: false,
  EMPTY: false,
  FAIL_FAST: false,
  FULL_REFRESH: false,
  INDIRECT_SELECTION: 'eager',
  INTROSPECT: true,
  LOG_FORMAT: 'default',
  PARTIAL_PARSE: true,
  POPULATE_CACHE: true,
  PRINT: true,
  QUIET: false,
  STORE_FAILURES: false,
  USE_COLORS: true,
  VERSION_CHECK: true,
  WARN_ERROR: false,
  WRITE_JSON: true,
};

function flagsObject(session: Session): Value {
  const flags = { ...usualFlags, ...session.environment.flags, WHICH: commandOf(session) };
  return new PyModule('flags', Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, fromPlain(value ?? null)])));
}

function invocationArguments(session: Session): Value {
  const { environment } = session;
  const command = commandOf(session);
  return fromPlain({
    which: command,
    invocation_command: `dbt ${command}`,
    full_refresh: environment.flags?.['FULL_REFRESH'] ?? false,
    vars: environment.vars.invocation,
  });
}

function startOf(session: Session): ReturnType<typeof buildDateTime> {
  const parts = /^(\d+)-(\d+)-(\d+)(?:[T ](\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?)?/.exec(session.environment.runStartedAt);
  const numbers = [1, 2, 3, 4, 5, 6].map((i) => Number(parts?.[i] ?? (i <= 3 ? 1 : 0)));
  return buildDateTime([...numbers, Number((parts?.[7] ?? '').slice(0, 6).padEnd(6, '0'))], false, utc);
}

function modules(session: Session): Value {
  const pytz = new PyModule('pytz', { timezone: (args) => new Zone(toText(args[0] ?? 'UTC')), utc, UTC: utc });
  return new PyModule('modules', {
    datetime: buildDatetimeModule(startOf(session)),
    re: buildRegexModule(),
    itertools: buildItertoolsModule(),
    pytz,
  });
}

function exceptions(session: Session): Value {
  const fail =
    (type: string, prefix = ''): Callable =>
    (args) =>
      raise(type, prefix + toText(args[0] ?? ''));
  const kinds = {
    raise_compiler_error: fail('CompilationError'),
    raise_not_implemented: fail('NotImplementedError', 'ERROR: '),
    raise_database_error: fail('DbtDatabaseError'),
    raise_dependency_error: fail('DependencyError'),
    raise_parsing_error: fail('ParsingError'),
    raise_invalid_dispatch: fail('CompilationError'),
    missing_config: fail('MissingConfigError', 'Model is missing a required config: '),
    missing_relation: fail('MissingRelationError', 'Relation not found: '),
    relation_wrong_type: fail('RelationWrongTypeError', 'Relation has the wrong type: '),
    column_type_missing: fail('ColumnTypeMissingError', 'A contracted column has no type: '),
    raise_contract_error: fail('ContractError', 'The contract does not match: '),
  };
  return new PyModule('exceptions', {
    ...kinds,
    warn: (args) => {
      session.logs.push(toText(args[0] ?? ''));
      return '';
    },
  });
}

/** `builtins` and `context`: names by attribute, item or `get`. */
class Lookup extends PyObject {
  constructor(
    readonly find: (name: string) => Value | undefined,
    private readonly session: Session,
  ) {
    super();
  }

  override iterate(): Value[] {
    return [...this.session.contextNames()];
  }

  override attribute(name: string): Value | undefined {
    if (name === 'get')
      return (args) => {
        const found = this.find(toText(args[0] ?? ''));
        return found === undefined ? (args[1] ?? null) : found;
      };
    if (name === 'keys') return () => this.iterate();
    if (name === 'update')
      return (args, keywords) => {
        const [first] = args;
        for (const [key, value] of first instanceof Dict ? first.entries() : []) this.session.assign(toText(key), value);
        for (const [key, value] of keywords) this.session.assign(key, value);
        return null;
      };
    return this.find(name);
  }

  override item(key: Value): Value | undefined {
    return this.find(toText(key));
  }

  override contains(item: Value): boolean {
    return this.find(toText(item)) !== undefined;
  }

  override isMapping(): boolean {
    return true;
  }
}
