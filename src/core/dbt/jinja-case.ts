import { jinjaGlobals } from '../jinja/globals.ts';
import { parseJson } from '../jinja/json.ts';
import { iterate } from '../jinja/protocols.ts';
import { renderTemplate } from '../jinja/template.ts';
import type { Value } from '../jinja/values.ts';
import { Dict, PySet, toTuple } from '../jinja/values.ts';
import type { NodeId } from '../text/ids.ts';
import type { Plain, PlainRecord, RefCall, RelationName, RenderEnvironment, RenderSubject, Resolution, SourceCall } from './environment.ts';
import { buildMacroLibrary } from './macro-library.ts';
import { renderNode } from './render.ts';

/** One template with the little world it is rendered in: a line of `headwater jinja --batch`. */
export interface JinjaCase {
  readonly id?: unknown;
  readonly template: string;
  readonly mode?: 'jinja' | 'dbt';
  readonly context?: PlainRecord;
  /** Package to name to source. */
  readonly macros?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dbt?: {
    readonly execute?: boolean;
    readonly package?: string;
    readonly vars?: PlainRecord;
    readonly columns?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
    readonly results?: Readonly<Record<string, { readonly columns: readonly string[]; readonly rows: readonly (readonly Plain[])[] }>>;
    readonly graph?: PlainRecord;
    readonly dispatch?: Readonly<Record<string, readonly string[]>>;
    readonly target?: string;
  };
}

export interface JinjaAnswer {
  readonly output?: string;
  readonly error?: string;
  readonly refs: readonly (readonly [string | null, string, string | number | null])[];
  readonly sources: readonly (readonly [string, string])[];
  readonly config: PlainRecord;
  readonly queries: readonly string[];
  readonly log: readonly string[];
}

const nothing: Omit<JinjaAnswer, 'output' | 'error'> = { refs: [], sources: [], config: {}, queries: [], log: [] };

/** Renders a case; what is wrong with the template is the answer's `error`. */
export function renderCase(test: JinjaCase): JinjaAnswer {
  return test.mode === 'dbt' ? renderInDbt(test) : renderPlainly(test);
}

const plainExtras = new Map<string, Value>([
  ['set', (args) => new PySet(iterate(args[0] ?? []))],
  [
    'zip',
    (args) => {
      const lists = args.map((items) => [...iterate(items)]);
      const length = Math.min(...lists.map((list) => list.length));
      return Array.from({ length }, (_, i) => toTuple(lists.map((list) => list[i] as Value)));
    },
  ],
]);

function renderPlainly(test: JinjaCase): JinjaAnswer {
  // Through text, so that 1.0 in the context stays a float where the caller wrote one.
  const context = parseJson(JSON.stringify(test.context ?? {}));
  try {
    const output = renderTemplate(test.template, (name) => {
      const own = context instanceof Dict ? context.get(name) : undefined;
      return own ?? jinjaGlobals.get(name) ?? plainExtras.get(name);
    });
    return { ...nothing, output };
  } catch (error) {
    return { ...nothing, error: error instanceof Error ? error.message : String(error) };
  }
}

const fold = (sql: string): string => sql.replace(/\s+/g, ' ').trim();

function renderInDbt(test: JinjaCase): JinjaAnswer {
  const { dbt = {} } = test;
  const files = Object.entries(test.macros ?? {}).flatMap(([packageName, macros]) =>
    Object.entries(macros).map(([name, text]) => ({ package: packageName, path: `macros/${packageName}/${name}.sql`, text })),
  );
  const relation: RelationName = { database: 'db', schema: 'sch', identifier: 'm' };
  const environment: RenderEnvironment = {
    projectName: 'proj',
    target: { name: 'dev', type: dbt.target ?? 'duckdb', schema: 'sch', database: 'db', threads: 4 },
    vars: { invocation: dbt.vars ?? {}, root: {}, packages: new Map() },
    flags: {},
    env: {},
    runStartedAt: '2024-03-05T14:07:09Z',
    invocationId: '00000000-0000-0000-0000-000000000000',
    dbtVersion: '1.10.0',
    dispatch: new Map(Object.entries(dbt.dispatch ?? {})),
    macros: buildMacroLibrary('proj', files),
    resolver: {
      ref: ({ name, version }: RefCall) => found({ ...relation, identifier: version === undefined ? name : `${name}_v${version}` }),
      source: ({ source, table }: SourceCall) => found({ database: 'raw', schema: source, identifier: table }),
      graph: () => dbt.graph ?? { nodes: {}, sources: {} },
      relationNamed: (name) => (dbt.columns && findColumns(dbt.columns, name) ? { ...name, type: 'table' } : undefined),
    },
    columnsOf: (name) =>
      findColumns(dbt.columns ?? {}, name)?.map(([column, type]) => ({ name: column, type })) ?? (dbt.columns ? [] : undefined),
    runQuery: (sql) => {
      const entries = Object.entries(dbt.results ?? {});
      const answer = entries.find(([key]) => fold(key) === fold(sql))?.[1] ?? dbt.results?.['*'];
      return answer && { columns: answer.columns.map((name) => ({ name })), rows: answer.rows };
    },
  };
  const subject: RenderSubject = {
    name: 'm',
    package: dbt.package ?? 'proj',
    path: 'models/m.sql',
    text: test.template,
    resourceType: 'model',
    relation,
    config: { materialized: 'view' },
  };
  const executes = dbt.execute ?? true;
  const rendering = renderNode(environment, subject, executes ? 'compile' : 'parse');
  const faults = [...environment.macros.problems, ...rendering.problems].filter((problem) => problem.severity === 'error');
  const recorded = {
    refs: rendering.refs.map((ref) => [ref.package ?? null, ref.name, ref.version ?? null] as const),
    sources: rendering.sources.map((source) => [source.source, source.table] as const),
    // As in dbt, where only the parse phase takes note of configuration.
    config: executes ? {} : Object.assign({}, ...rendering.configCalls),
    queries: rendering.queries.map(fold),
    log: rendering.logs,
  };
  if (rendering.status === 'needs-data') return { ...recorded, error: `needs data: ${rendering.queriesNeeded.join('; ')}` };
  if (rendering.status === 'failed') return { ...recorded, error: faults.map((problem) => problem.message).join(' ') };
  return { ...recorded, output: rendering.sql };
}

function found(relation: RelationName): Resolution {
  return { kind: 'found', node: `model.proj.${relation.identifier}` as NodeId, relation };
}

function findColumns(
  columns: Readonly<Record<string, readonly (readonly [string, string])[]>>,
  { database, schema, identifier }: RelationName,
): readonly (readonly [string, string])[] | undefined {
  const wanted = [database, schema, identifier].filter((part) => part !== undefined).map((part) => part.toLowerCase());
  const bare = (key: string): string[] =>
    key
      .replace(/["`[\]]/g, '')
      .toLowerCase()
      .split('.');
  return Object.entries(columns).find(([key]) => {
    const parts = bare(key);
    return parts.join('.') === wanted.slice(-parts.length).join('.');
  })?.[1];
}
