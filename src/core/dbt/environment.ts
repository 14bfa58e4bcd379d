import type { BudgetLimits } from '../jinja/budget.ts';
import type { NodeId } from '../text/ids.ts';
import type { ProblemCode, Severity } from '../text/problem.ts';
import type { MacroLibrary } from './macro-library.ts';

/** A value that crosses the border of the template language: JSON, and integers that JSON's numbers cannot hold. */
export type Plain = null | boolean | number | bigint | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };
export type PlainRecord = { readonly [key: string]: Plain | undefined };

/** The name of a relation in the database, part by part and unquoted; an absent part is not printed. */
export interface RelationName {
  readonly database?: string;
  readonly schema?: string;
  readonly identifier: string;
  /** dbt's word for what it is: `table`, `view`, `cte`, … */
  readonly type?: string;
  /** Which parts are quoted where they are printed; absent ones follow the adapter's policy. */
  readonly quoting?: { readonly database?: boolean; readonly schema?: boolean; readonly identifier?: boolean };
  /** The text to print instead, such as the name of an ephemeral model's common table expression. */
  readonly rendered?: string;
}

/** `profile.target` as templates see it; what the profile says beyond the named fields is in `fields`, never a secret. */
export interface Target {
  readonly name: string;
  /** The adapter: `snowflake`, `bigquery`, … */
  readonly type: string;
  readonly schema: string;
  readonly database?: string;
  readonly profileName?: string;
  readonly threads?: number;
  readonly fields?: PlainRecord;
}

/** Vars by where they were set; looked up in this order. */
export interface VarScopes {
  /** From the command line or the settings. */
  readonly invocation: PlainRecord;
  /** `vars:` of the root's dbt_project.yml, with the sections of packages in it. */
  readonly root: PlainRecord;
  /** `vars:` of each package's own dbt_project.yml. */
  readonly packages: ReadonlyMap<string, PlainRecord>;
}

/** `ref('package', 'name', v=…)` as it was called. */
export interface RefCall {
  readonly package?: string;
  readonly name: string;
  readonly version?: string | number;
}

export interface SourceCall {
  readonly source: string;
  readonly table: string;
}

/** What a name means, or a sentence that says why it means nothing. */
export type Resolution =
  | { readonly kind: 'found'; readonly node: NodeId; readonly relation: RelationName }
  | {
      readonly kind: 'missing';
      readonly code: ProblemCode;
      readonly message: string;
      /** Lower than the code's own where what is missing may lie in a package that is not installed. */
      readonly severity?: Severity;
    };

/** Knows the nodes of the project; asked in the compile phase only. */
export interface Resolver {
  ref(call: RefCall, from: RenderSubject): Resolution;
  source(call: SourceCall, from: RenderSubject): Resolution;
  metric?(name: string, packageName: string | undefined, from: RenderSubject): Resolution;
  /** dbt's `graph` variable (`nodes`, `sources`, `exposures`, …) as plain values; asked only when a template reads it. */
  graph(): PlainRecord;
  /** The existing relation of that name, for `adapter.get_relation` and `load_relation`; undefined when there is none. */
  relationNamed?(name: RelationName): RelationName | undefined;
}

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type?: string }[];
  readonly rows: readonly (readonly Plain[])[];
}

export interface RelationColumn {
  readonly name: string;
  readonly type: string;
}

/** Everything that rendering depends on besides the template: values and interfaces, so that the same input gives the same text. */
export interface RenderEnvironment {
  /** The root project's name. */
  readonly projectName: string;
  readonly target: Target;
  readonly vars: VarScopes;
  readonly flags: PlainRecord;
  /** The environment variables that the user lets templates see. */
  readonly env: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC; also the answer of `modules.datetime.datetime.now()`. */
  readonly runStartedAt: string;
  readonly invocationId: string;
  readonly dbtVersion: string;
  /** `dispatch:` of the root project: namespace to the packages to search, in order. */
  readonly dispatch: ReadonlyMap<string, readonly string[]>;
  readonly macros: MacroLibrary;
  /** The installed packages with their versions, for those who read `ref.config`. */
  readonly packages?: readonly { readonly name: string; readonly version: string }[];
  /** Packages that the project declares and that are not installed: what their macros give stands as unknown in the SQL. */
  readonly missingPackages?: ReadonlySet<string>;
  /** Whether the name of a variable of the environment stands for a value that is not given, so that the rest of the text is understood. */
  readonly standInForEnv?: boolean;
  readonly resolver: Resolver;
  /** The text of a docs block for a text of a package; present where descriptions are rendered. */
  readonly docs?: (name: string, packageName: string | undefined, from: string) => string | undefined;
  /** The columns of a relation; undefined means "not known", and stops the rendering with the query that would tell. */
  columnsOf?(relation: RelationName): readonly RelationColumn[] | undefined;
  /** The result of a query; undefined means "not run yet", and stops the rendering with the query. */
  runQuery?(sql: string): QueryAnswer | undefined;
  /** Whether what nobody answers stands as unknown in the text, instead of stopping the rendering. */
  readonly sketches?: boolean;
  readonly limits?: BudgetLimits;
}

/** What is rendered: a node's text, or any text that is rendered in a node's name. */
export interface RenderSubject {
  readonly id?: NodeId;
  readonly name: string;
  readonly package: string;
  /** The file that the text stands in, for locations. */
  readonly path: string;
  /** The template itself. */
  readonly text: string;
  /** Where the text begins in the file: 0 unless a file defines several nodes. */
  readonly offset?: number;
  /** The whole file, where `text` is only a part of it; lines are counted in it. */
  readonly file?: string;
  readonly resourceType: string;
  /** `this`. */
  readonly relation: RelationName;
  /** The resolved configuration that `config.get` reads; in the parse phase what is known of it so far. */
  readonly config: PlainRecord;
  /** The `model` variable, as in dbt's manifest; what it lacks is filled in from the fields above. */
  readonly model?: PlainRecord;
  /** Which of several texts of a node this is, where it is not the node's own. */
  readonly part?: string;
  /** Where a value of a YAML file is rendered: vars keep Jinja that they hold as text, as dbt leaves it there. */
  readonly isValue?: true;
  /** What `is_incremental()` answers; absent means what dbt answers where nothing was built yet: false. */
  readonly incremental?: boolean;
}

/** `parse` is dbt's first pass, where `execute` is False and names do not resolve; `compile` gives the SQL that would run. */
export type Phase = 'parse' | 'compile';

/** The environment with some of it replaced; what is worked out when somebody asks for it, such as the time, still is. */
export function extendEnvironment(environment: RenderEnvironment, changes: Partial<RenderEnvironment>): RenderEnvironment {
  const described = { ...Object.getOwnPropertyDescriptors(environment), ...Object.getOwnPropertyDescriptors(changes) };
  return Object.defineProperties({}, described) as RenderEnvironment;
}
