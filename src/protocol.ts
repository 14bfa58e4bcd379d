/**
 * Every message between the extension host, its workers and its webviews, as calls: who is asked, what, and what is answered.
 * `wire.ts` carries them. Nothing here has behaviour.
 */
import type { Proposal } from './core/checks/propose.ts';
import type { CheckResult, CheckStatus } from './core/checks/result.ts';
import type { MadeUnitTest } from './core/checks/unit-test-from-rows.ts';
import type { Completion } from './core/docs/completion.ts';
import type { RenamePlan } from './core/docs/rename.ts';
import type { Signature } from './core/docs/signature.ts';
import type { FileSymbol } from './core/docs/symbols.ts';
import type { TextRange } from './core/editor/compiled-place.ts';
import type { Fix } from './core/editor/fix.ts';
import type { ShownProblem } from './core/editor/fix-rules.ts';
import type { CallNode, HierarchyColumn } from './core/editor/hierarchy.ts';
import type { InlayText } from './core/editor/inlay-hints.ts';
import type { Lens } from './core/editor/lenses.ts';
import type { ProjectSymbol } from './core/editor/project-symbols.ts';
import type { SemanticToken } from './core/editor/semantic-tokens.ts';
import type { Cell, EngineCapabilities, EngineColumn, LoadedRows, Page, RowsFile } from './core/engine/engine.ts';
import type { ErdLayer } from './core/erd/erd-picture.ts';
import type { ErdView } from './core/erd/view.ts';
import type { GrainState } from './core/keys/grain-change.ts';
import type { GrainWords } from './core/keys/grain-words.ts';
import type { CloseGraph } from './core/layout/closely.ts';
import type { Layout } from './core/layout/layout.ts';
import type { GraphView, Picture } from './core/layout/picture.ts';
import type { ColumnRef } from './core/lineage/questions.ts';
import type { EdgeVia } from './core/project/graph.ts';
import type { Dialect } from './core/sql/dialect.ts';
import type { FileStat } from './core/text/files.ts';
import type { NodeId, NodeKind } from './core/text/ids.ts';
import type { ListChange } from './core/text/list-change.ts';
import type { Problem } from './core/text/problem.ts';
import type { Location, Position } from './core/text/span.ts';
import type { Call } from './wire.ts';

/** One project in one workspace folder: the folder's URI and the project's root in it (`''` is the folder itself). */
export interface ProjectKey {
  readonly folder: string;
  readonly root: string;
}

/** What the settings say about a folder. */
export interface ProjectSettings {
  readonly dialect: Dialect | 'auto';
  readonly target: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly envVars: Readonly<Record<string, string>>;
}

export interface PreviewSettings {
  readonly engine: 'auto' | 'sqlite' | 'duckdb';
  /** Rows that a preview keeps; what is cut is said. */
  readonly rowLimit: number;
}

// ---------------------------------------------------------------------------------------------------------------- project worker: analysis

export interface OutlineNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly name: string;
  readonly package: string;
  /** Relative to the project's root. */
  readonly path: string;
  readonly line: number;
  /** `table`, `view`, `incremental`, `ephemeral`, …; empty where it says nothing. */
  readonly materialized: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** For sources: the name of the source the table belongs to. */
  readonly group: string;
  readonly columnCount: number;
  /** For tests: the node that it tests, and the column of it. */
  readonly tested?: NodeId;
  readonly column?: string;
}

/** What trees, pickers and status items need of a Snapshot; columns cross on demand only. */
export interface Outline {
  readonly key: ProjectKey;
  readonly revision: number;
  readonly name: string;
  readonly adapter: string;
  readonly dialect: Dialect;
  /** Why the dialect is believed to be that one, where nothing names it. */
  readonly guess?: string;
  readonly nodes: readonly OutlineNode[];
  readonly edges: readonly { readonly from: NodeId; readonly to: NodeId; readonly via: EdgeVia }[];
  readonly problems: readonly Problem[];
  /** The project's own macros, in the order of their names. */
  readonly macros: readonly OutlineMacro[];
  /** The folders of installed packages. */
  readonly packageRoots: readonly string[];
  /** The names of the data batches that the project lists, in order. */
  readonly batches: readonly string[];
  /** How long the analysis took, in milliseconds. */
  readonly took: number;
}

/** An outline after a change: only what differs from the one of the revision `since`, which the asker was told last. */
export interface OutlineChange extends Omit<Outline, 'nodes' | 'edges' | 'problems' | 'macros'> {
  readonly since: number;
  readonly nodes?: ListChange<OutlineNode>;
  readonly edges?: ListChange<Outline['edges'][number]>;
  readonly problems?: ListChange<Problem>;
  readonly macros?: ListChange<OutlineMacro>;
}

/** The state of one project of a folder after a change: a whole outline where the asker has none yet. */
export type OutlineUpdate =
  | { readonly kind: 'whole'; readonly outline: Outline }
  | { readonly kind: 'change'; readonly change: OutlineChange };

export interface OutlineMacro {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly path: string;
  readonly line: number;
}

export interface ColumnOutline {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly origin: string;
  /** Constraints and tests in words, such as `unique`, `not null`, `→ customers.id`. */
  readonly facts: readonly string[];
}

/** A place in a file of a project. */
export interface FilePosition {
  readonly project: ProjectKey;
  readonly path: string;
  readonly position: Position;
}

/** Markdown for a hover, and the range it speaks of. */
export interface HoverAnswer {
  readonly markdown: string;
  readonly start: Position;
  readonly end: Position;
}

/** A sign of life of the project worker, and the project that it is at. */
export interface Beat {
  readonly at?: ProjectKey;
}

/** A project of a folder over which the worker hung or crashed, and what was seen. */
export interface ProjectSetAside {
  readonly root: string;
  readonly because: string;
}

/** How a worker is kept up with the files of a folder. */
export type FolderCalls<Answer = void> = {
  /** Starts with a folder: finds its projects. `disk` is its path where the worker can read it itself; `unsaved` is the text of open editors. */
  open: Call<
    {
      readonly folder: string;
      readonly disk: string | undefined;
      readonly settings: ProjectSettings;
      readonly unsaved: readonly { readonly path: string; readonly text: string }[];
      /** Projects of it that are not to be read. */
      readonly setAside: readonly ProjectSetAside[];
    },
    Answer
  >;
  /** Files (relative to the folder) that were written, created or deleted; unsaved text goes with `edit`. */
  change: Call<{ readonly folder: string; readonly paths: readonly string[] }, Answer>;
  /** The unsaved text of a file, or undefined when it was saved or closed. */
  edit: Call<{ readonly folder: string; readonly path: string; readonly text: string | undefined }, Answer>;
  close: Call<{ readonly folder: string }, void>;
};

/** What the editor shows in and around the text of a file; those that are given a text answer about it as it is typed. */
export type EditorCalls = {
  lenses: Call<FileText, readonly Lens[]>;
  tokens: Call<FileText, readonly SemanticToken[]>;
  inlays: Call<FileText, readonly InlayText[]>;
  /** What can be mended or reshaped between two positions, where some problems are shown. */
  fixes: Call<FileText & { readonly start: Position; readonly end: Position; readonly shown: readonly ShownProblem[] }, readonly Fix[]>;
  callNode: Call<FilePosition, CallNode | undefined>;
  /** What reads a node, or what it reads. */
  calls: Call<{ readonly project: ProjectKey; readonly node: NodeId; readonly side: 'callers' | 'callees' }, readonly CallNode[]>;
  hierarchyColumn: Call<FilePosition, HierarchyColumn | undefined>;
  /** The columns that a column is made from, or that are made from it. */
  relatedColumns: Call<{ readonly project: ProjectKey; readonly ref: ColumnRef; readonly above: boolean }, readonly HierarchyColumn[]>;
  /** Where a range of a node's file stands in its compiled SQL, or where in the file what stands in the compiled SQL was written. */
  compiledPlace: Call<
    { readonly project: ProjectKey; readonly node: NodeId; readonly range: TextRange; readonly of: 'file' | 'compiled' },
    TextRange | undefined
  >;
  projectSymbols: Call<{ readonly project: ProjectKey; readonly query: string }, readonly ProjectSymbol[]>;
};

/** A file of a project with the text that it has in the editor now. */
export interface FileText {
  readonly project: ProjectKey;
  readonly path: string;
  readonly text: string;
}

export type AnalysisCalls = FolderCalls<readonly OutlineUpdate[]> &
  EditorCalls & {
    /** The whole outlines of a folder, for whoever lost count of the changes. */
    outlines: Call<{ readonly folder: string }, readonly OutlineUpdate[]>;
    columns: Call<{ readonly project: ProjectKey; readonly node: NodeId }, readonly ColumnOutline[]>;
    hover: Call<FilePosition, HoverAnswer | undefined>;
    definition: Call<FilePosition, readonly Location[]>;
    /** Where a column of a node is made; without a column, where a macro stands. */
    columnPlace: Call<{ readonly project: ProjectKey; readonly node: NodeId; readonly column?: string }, Location | undefined>;
    /** The SQL of a node with its Jinja rendered; incomplete where its template asks for data, which only previews have. */
    compiled: Call<{ readonly project: ProjectKey; readonly node: NodeId }, { readonly sql: string; readonly complete: boolean }>;
    /** What may be written at a place, with the text as it stands in the editor now. */
    complete: Call<FilePosition & { readonly text: string }, Completion | undefined>;
    /** The signature of the macro or function whose arguments are being typed. */
    signature: Call<FilePosition & { readonly text: string }, Signature | undefined>;
    /** Every place that names the same thing. */
    references: Call<FilePosition, readonly Location[]>;
    /** Those of them that are in the same file, of columns and CTEs. */
    highlights: Call<FilePosition, readonly Location[]>;
    /** The edits that rename what stands at a place, or why it cannot be renamed. */
    rename: Call<FilePosition & { readonly name: string }, RenamePlan>;
    symbols: Call<{ readonly project: ProjectKey; readonly path: string }, readonly FileSymbol[]>;
    /** The names of a model's CTEs, in order. */
    ctes: Call<{ readonly project: ProjectKey; readonly node: NodeId }, readonly string[]>;
    /** The tests that may end otherwise once files of the project have changed. */
    affectedTests: Call<{ readonly project: ProjectKey; readonly paths: readonly string[] }, readonly NodeId[]>;
    /** Markdown about a node and its columns. */
    docs: Call<{ readonly project: ProjectKey; readonly node: NodeId }, string>;
    /** Without a view, the picture about a node. */
    graphPicture: Call<PictureQuestion<GraphView> & { readonly results: LastResults }, GraphAnswer>;
    grain: Call<{ readonly project: ProjectKey; readonly node: NodeId }, GrainWords | undefined>;
    graphFilter: Call<{ readonly project: ProjectKey; readonly text: string }, FilterAnswer>;
    graphExport: Call<
      { readonly project: ProjectKey; readonly view: GraphView | undefined; readonly format: GraphExportFormat },
      ExportedFile
    >;
    /** The entities as the project declares them. */
    erdPicture: Call<ErdQuestion, ErdAnswer>;
  };

/** How tests, models and sources ended when they last ran, by id. */
export type LastResults = readonly (readonly [id: string, status: CheckStatus])[];

/** What a panel wants drawn: its own view, or one about a node. */
export interface PictureQuestion<View> {
  readonly project: ProjectKey;
  readonly node: string;
  readonly view: View | undefined;
  readonly standing: Standing;
}

export interface PictureAnswer<View> {
  readonly view: View;
  readonly picture: Picture;
  readonly revision: number;
}

/** A picture of thousands of cards comes packed, see `core/layout/pack.ts`. */
export type GraphAnswer = Omit<PictureAnswer<GraphView>, 'picture'> & { readonly picture: Picture | Uint8Array };

/** What an entity diagram is asked for: also where entities were put, or are to stay. */
export interface ErdQuestion extends PictureQuestion<ErdView> {
  readonly places: Standing;
}

export interface ErdAnswer extends PictureAnswer<ErdView> {
  readonly layers: readonly ErdLayer[];
  /** Whether some entities stand where somebody put them, or where they stood before. */
  readonly isPlaced: boolean;
  /** Whether keys and relations have been held against the values. */
  readonly measured: boolean;
}

export interface ExportedFile {
  readonly name: string;
  readonly content: string;
}

/** What a worker may ask of the extension host: files that are not on this machine's disk, and a line for the log. */
export type WorkerHostCalls = {
  list: Call<{ readonly folder: string }, readonly FileStat[]>;
  read: Call<{ readonly folder: string; readonly path: string }, Uint8Array>;
  stat: Call<{ readonly folder: string; readonly path: string }, FileStat | undefined>;
  asset: Call<{ readonly name: string }, Uint8Array>;
  /** The folder of the extension's storage, where a worker can reach it itself. */
  cacheFolder: Call<undefined, string | undefined>;
  /** What a worker keeps from one start to the next, in the extension's storage. */
  readCache: Call<{ readonly name: string }, Uint8Array | undefined>;
  writeCache: Call<{ readonly name: string; readonly bytes: Uint8Array }, void>;
  /** What a preview is doing: the relation being built. */
  progress: Call<{ readonly result: number; readonly message: string }, void>;
  /** What the early outlines of a folder were without is known now. */
  completed: Call<{ readonly folder: string }, void>;
  log: Call<{ readonly level: 'info' | 'warn' | 'error'; readonly message: string }, void>;
};

// ----------------------------------------------------------------------------------------------------------------- project worker: previews

/** What to preview: a relation, one CTE of it, how many rows each of its CTEs has, or SQL in the middle of the project. */
export type PreviewQuestion = { readonly project: ProjectKey } & (
  | {
      readonly kind: 'node';
      readonly node: NodeId;
      readonly cte?: string;
      /** How incremental models are built, where it is not as the batch asks. */
      readonly build?: 'full' | 'increment';
    }
  | { readonly kind: 'funnel'; readonly node: NodeId }
  /** What a build did, which has been done. */
  | { readonly kind: 'build'; readonly rows: readonly BuiltRow[] }
  /** `within` lends the SQL the CTEs of a model, as for text that was selected in it. */
  | { readonly kind: 'sql'; readonly sql: string; readonly within?: NodeId }
);

/** A node that a build ran. */
export interface BuiltRow {
  readonly status: string;
  readonly kind: string;
  readonly name: string;
  readonly rows: number | null;
  readonly ms: number;
  readonly message: string;
}

/** What a result is, without its rows. */
export interface ResultHead {
  readonly columns: readonly EngineColumn[];
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly engine: string;
  readonly notes: readonly ResultNote[];
  /** True when the project, not we, kept it from running: the notes say why. */
  readonly failed: boolean;
}

/** How many rows the CTEs of a model have, in order, and the model itself under its own name. */
export interface RowCounts {
  readonly counts: readonly { readonly cte: string; readonly rows: number }[];
  readonly problem?: string;
}

export type PreviewCalls = {
  /** Looks at a project as the run over a batch leaves it, from now on; undefined is the first. */
  choose: Call<{ readonly project: ProjectKey; readonly batch: string | undefined }, void>;
  run: Call<
    {
      /** A number of its own for every run: the rows of the one before stay until they are dropped. */
      readonly result: number;
      readonly question: PreviewQuestion;
      readonly settings: PreviewSettings;
      /** Whether it follows the keys that are typed, so that the next one cancels it. */
      readonly isTyped?: boolean;
    },
    ResultHead
  >;
  /** The SQL of a node with the queries of its template answered, or why they are not. */
  compiled: Call<{ readonly project: ProjectKey; readonly node: NodeId }, { readonly sql: string } | { readonly problem: string }>;
  /** The SQL that the engine of a preview runs for a node, or why there is none. */
  translated: Call<{ readonly project: ProjectKey; readonly node: NodeId }, { readonly sql: string } | { readonly problem: string }>;
  counts: Call<{ readonly project: ProjectKey; readonly node: NodeId }, RowCounts>;
  /** The entities once their keys and relations have been held against the rows. */
  erdPicture: Call<ErdQuestion, ErdAnswer>;
  erdExport: Call<{ readonly project: ProjectKey; readonly view: ErdView | undefined; readonly format: ErdExportFormat }, ExportedFile>;
  page: Call<{ readonly result: number; readonly view: ResultView; readonly offset: number; readonly limit: number }, ResultPage>;
  statistics: Call<{ readonly result: number; readonly view: ResultView; readonly column: number }, ColumnStatistics>;
  /** All that is counted of one column, and what stands out in it. */
  profile: Call<{ readonly result: number; readonly view: ResultView; readonly column: number }, ColumnDetail>;
  chart: Call<{ readonly result: number; readonly view: ResultView; readonly question: ChartQuestion }, ChartAnswer>;
  totals: Call<{ readonly result: number; readonly view: ResultView; readonly range: ResultRange }, SelectionTotals>;
  values: Call<{ readonly result: number; readonly view: ResultView; readonly column: number }, readonly ValueCount[]>;
  find: Call<{ readonly result: number; readonly view: ResultView; readonly search: CellSearch }, FoundCell | undefined>;
  text: Call<{ readonly result: number; readonly view: ResultView; readonly style: TextStyle; readonly range: ResultRange }, string>;
  /** A unit test made of rows of a result, and the properties file of its model; or why there is none. */
  unitTest: Call<
    {
      readonly result: number;
      readonly project: ProjectKey;
      readonly settings: PreviewSettings;
      readonly model: NodeId;
      readonly picked: PickedView;
    },
    (MadeUnitTest & { readonly path: string }) | { readonly problem: string }
  >;
  drop: Call<{ readonly result: number }, void>;
  /** Ends every engine, as a crash would. */
  endEngines: Call<undefined, void>;
};

/** What went with an engine, by the numbers of results. */
export interface LostEngine {
  readonly kept: readonly number[];
  readonly ended: readonly number[];
  readonly reason: string | undefined;
}

/** What the host hears of previews. */
export type PreviewHostCalls = WorkerHostCalls & {
  /** An engine ended, for a reason or because a query was cancelled: the rows that it kept are gone, and the previews that ran in it ended. */
  lost: Call<LostEngine, void>;
};

// ------------------------------------------------------------------------------------------------------------------ engine worker

/** What an engine answers in a worker of its own, which holds data and knows nothing of projects. */
export type EngineCalls = {
  open: Call<{ readonly name: 'sqlite' | 'duckdb' }, EngineCapabilities>;
  load: Call<{ readonly table: string; readonly columns: readonly EngineColumn[]; readonly rows: readonly (readonly Cell[])[] }, number>;
  loadFile: Call<{ readonly table: string; readonly file: RowsFile }, LoadedRows>;
  attach: Call<
    { readonly bytes: Uint8Array; readonly tables: ReadonlyMap<string, string>; readonly types: ReadonlyMap<string, string> | undefined },
    void
  >;
  execute: Call<{ readonly sql: string }, void>;
  query: Call<{ readonly sql: string; readonly page: { readonly offset: number; readonly limit: number } }, Page>;
  close: Call<undefined, void>;
};

export type EngineHostCalls = {
  asset: Call<{ readonly name: string }, Uint8Array>;
};

// ------------------------------------------------------------------------------------------------------------------ project worker: checks

/** What to run: tests alone, some nodes and tests in order, or what dbt's selection selects. */
export type CheckQuestion =
  | { readonly kind: 'tests' | 'build'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'select'; readonly select: string; readonly exclude: string };

export interface ProposedTests {
  readonly proposals: readonly Proposal[];
  readonly path: string;
  readonly section: 'models' | 'seeds' | 'snapshots';
  /** Why there are none. */
  readonly problem?: string;
}

/** A file whose queries are held against the rules about rows. */
export interface RowQuestion {
  readonly project: ProjectKey;
  readonly path: string;
  /** Whether the rows at hand are asked; without them a finding is what the SQL and the declarations prove. */
  readonly asksRows: boolean;
  readonly batch: string | undefined;
  readonly engine: PreviewSettings['engine'];
  /** What one row stood for when the file was opened, by node. */
  readonly before: readonly (readonly [NodeId, GrainState])[];
}

export interface RowFindings {
  readonly problems: readonly Problem[];
  readonly grains: RowQuestion['before'];
}

export type ChecksCalls = {
  run: Call<
    {
      readonly run: number;
      readonly project: ProjectKey;
      readonly what: CheckQuestion;
      readonly batch: string | undefined;
      readonly engine: PreviewSettings['engine'];
    },
    { readonly results: readonly CheckResult[]; readonly problems: readonly string[] }
  >;
  /** What the rules about rows find in a file; it waits for nothing and stops for everything that the user asks for. */
  rows: Call<RowQuestion, RowFindings>;
  /** Tests that a node's rows speak for, and the file that they would be written into. */
  propose: Call<{ readonly project: ProjectKey; readonly node: NodeId; readonly engine: PreviewSettings['engine'] }, ProposedTests>;
};

/** What the host hears while a run goes on. */
export type ChecksHostCalls = WorkerHostCalls & {
  started: Call<{ readonly run: number; readonly node: NodeId }, void>;
  ended: Call<{ readonly run: number; readonly result: CheckResult }, void>;
};

// ------------------------------------------------------------------------------------------------------------------ layout worker

export type LayoutCalls = {
  /** A layout that takes its time; undefined where elkjs finds none. */
  layout: Call<CloseGraph, Layout | undefined>;
};

// ----------------------------------------------------------------------------------------------------------------- graph and ERD

/** What the host does for the graph and the ERD alike. */
export type PanelHostCalls = {
  /** Opens the file of a node, at a column where one is named. */
  open: Call<{ readonly node: NodeId; readonly column?: string }, void>;
  preview: Call<{ readonly node: NodeId }, void>;
  columns: Call<{ readonly node: NodeId }, readonly ColumnOutline[]>;
  /** Asks for a file name and writes an export; answers the name it was saved under, or undefined when the user thought better of it. */
  save: Call<{ readonly name: string; readonly content: string | Uint8Array }, string | undefined>;
  copy: Call<{ readonly text: string }, void>;
  /** A closer layout of the picture that is drawn already; undefined when there is none in time. */
  layout: Call<CloseGraph, Layout | undefined>;
  /** Shows the other picture of a node. */
  reveal: Call<{ readonly node: NodeId; readonly surface: 'graph' | 'erd' }, void>;
  failed: Call<{ readonly message: string; readonly stack: string }, void>;
};

/** What a panel is told: the project changed, or another node is in the middle of attention. */
export type PanelCalls = {
  changed: Call<{ readonly revision: number }, void>;
  focus: Call<{ readonly node: NodeId; readonly column?: string }, void>;
};

/** Where cards stood when a picture was asked for: the new picture keeps their order. */
export type Standing = readonly { readonly id: string; readonly x: number; readonly y: number }[];

/** What a filter box is told while it is typed in. */
export interface FilterAnswer {
  readonly count: number;
  /** The first of them, in dbt's order of ids. */
  readonly nodes: readonly string[];
  readonly completions: readonly { readonly text: string; readonly detail: string }[];
  /** Why the text selects nothing, in one sentence. */
  readonly problem?: string;
}

export type GraphExportFormat = 'svg' | 'mermaid' | 'dot' | 'json' | 'html';
export type ErdExportFormat = 'svg' | 'mermaid' | 'dbml' | 'd2' | 'plantuml' | 'ddl' | 'json';

/** What the graph asks of the host; without a view, the picture of what the editor shows. */
export type GraphHostCalls = PanelHostCalls & {
  picture: Call<{ readonly view: GraphView | undefined; readonly standing: Standing }, GraphAnswer>;
  filter: Call<{ readonly text: string }, FilterAnswer>;
  /** A view exports what it shows; without one the whole project is exported. Answers as `save` does. */
  export: Call<{ readonly view: GraphView | undefined; readonly format: GraphExportFormat }, string | undefined>;
  /** Something was pressed: where an editor is in sight beside the picture, it shows the file. */
  selected: Call<{ readonly node: NodeId }, void>;
  /** The rows of each CTE of a model and of the model itself, over the data at hand; `problem` says why some are missing. */
  countRows: Call<{ readonly node: NodeId }, RowCounts>;
  test: Call<{ readonly node: NodeId }, void>;
  compile: Call<{ readonly node: NodeId }, void>;
  docs: Call<{ readonly node: NodeId }, void>;
  /** What one row of a node stands for; undefined where that is not known, or much would have to be read to know it. */
  grain: Call<{ readonly node: NodeId }, GrainWords | undefined>;
  /** Selects the node in the tree of the side bar. */
  tree: Call<{ readonly node: NodeId }, void>;
};

/** What the graph and the entity diagram are told. */
export type GraphCalls = PanelCalls;

export type ErdHostCalls = PanelHostCalls & {
  /** `stays` keeps every entity that is shown already where it is. */
  picture: Call<
    { readonly view: ErdView | undefined; readonly standing: Standing; readonly measured: boolean; readonly stays?: boolean },
    ErdAnswer
  >;
  /** Keeps where entities were put in this workspace; without any, forgets it. */
  place: Call<{ readonly places: Standing }, void>;
  /** Writes the places into a file of the project; answers its name. */
  savePlaces: Call<{ readonly places: Standing }, string | undefined>;
  export: Call<{ readonly view: ErdView | undefined; readonly format: ErdExportFormat }, string | undefined>;
};

// ----------------------------------------------------------------------------------------------------------------------- results

export interface SortBy {
  readonly column: number;
  readonly descending: boolean;
}

/** Numbers and dates are compared as such, all else as the text that is shown. `like` has `*` for any text. */
export type FilterOperator =
  | 'contains'
  | 'not contains'
  | 'like'
  | 'unlike'
  | 'one of'
  | 'none of'
  | 'less'
  | 'at most'
  | 'greater'
  | 'at least'
  | 'between'
  | 'null'
  | 'not null';

export interface ColumnFilter {
  readonly column: number;
  readonly operator: FilterOperator;
  /** Two for `between`, any number for `one of` and `none of`, none for `null` and `not null`, else one. */
  readonly values: readonly string[];
}

/** Which rows of a result, in which order. */
export interface ResultView {
  readonly sort: SortBy | undefined;
  readonly filters: readonly ColumnFilter[];
}

/** A cell as it is shown: numbers too large for a double and bytes travel as text, because webviews speak JSON. */
export type ShownCell = null | boolean | number | string;

export interface ResultPage {
  readonly offset: number;
  readonly rows: readonly (readonly ShownCell[])[];
  /** Rows of this view, after filters. */
  readonly rowCount: number;
}

/** One line about a column of a result, over every row that passes the filters. */
export interface ColumnStatistics {
  readonly nulls: number;
  readonly distinct: number;
  readonly min: ShownCell;
  readonly max: ShownCell;
  /** Up to 12 counts, low to high, for numbers. */
  readonly histogram: readonly number[];
  /** The most frequent values, where few of them make up the column. */
  readonly top: readonly ValueCount[];
}

/** What a profile says of a column, over every row that passes the filters. */
export interface ColumnDetail extends ColumnStatistics {
  /** Whether there is a value and none occurs twice. */
  readonly unique: boolean;
  /** Of numbers only. */
  readonly mean: number | null;
  /** What stands out, in sentences. */
  readonly findings: readonly string[];
}

/** What a chart is drawn from: one number for each value or step of time of a column, or pairs of numbers. */
export type ChartQuestion =
  | {
      readonly kind: 'groups';
      readonly x: number;
      readonly step: 'value' | 'year' | 'month' | 'day' | 'hour';
      /** Without one, rows are counted. */
      readonly y: number | undefined;
      readonly aggregate: 'sum' | 'mean' | 'count';
      readonly limit: number;
    }
  | { readonly kind: 'points'; readonly x: number; readonly y: number; readonly limit: number };

export interface ChartAnswer {
  /** Steps of time in order, values from the greatest number to the least; `rows` is how many rows a point stands for. */
  readonly points: readonly (readonly [x: ShownCell, y: number | null, rows: number])[];
  /** How many there are in all. */
  readonly groups: number;
  readonly rows: number;
  /** Rows that have no place in the chart. */
  readonly missing: number;
}

/** What the selected cells come to; sums only over the numbers among them. */
export interface SelectionTotals {
  readonly filled: number;
  readonly numbers: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** A value of a column and the rows that have it. */
export interface ValueCount {
  readonly value: ShownCell;
  readonly count: number;
}

export interface ResultNote {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** The place in the user's file that it speaks of. */
  readonly location?: Location;
}

/** A tab of the results panel, all that is needed to draw it. */
export interface ResultTab {
  readonly id: number;
  readonly title: string;
  readonly pinned: boolean;
  /** Whether it shows a relation of the project, of whose rows unit tests can be made. */
  readonly isRelation: boolean;
  readonly state: 'running' | 'rows' | 'failed' | 'cancelled';
  /** What is being done while running: the relation being built. */
  readonly progress: string;
  readonly columns: readonly EngineColumn[];
  readonly rowCount: number;
  /** True when a limit cut the result. */
  readonly truncated: boolean;
  readonly engine: string;
  readonly took: number;
  readonly notes: readonly ResultNote[];
  /** Which rows are shown: another number with every run. */
  readonly version: number;
  /** What follows the cursor. */
  readonly live?: LiveState;
}

/** How the tab that follows the cursor stands. */
export interface LiveState {
  /** Whether newer rows are on their way. */
  readonly isRunning: boolean;
  /** Why there are none for the text as it stands; those that are shown are older. */
  readonly problem?: ResultNote | undefined;
  /** The rows of each CTE of the model and of the model itself, once they are counted. */
  readonly counts?: RowCounts['counts'] | undefined;
  /** Whether they were counted before the last change. */
  readonly areCountsOld?: boolean;
  /** The CTE whose rows are shown; undefined for all of the model. */
  readonly cte?: string | undefined;
}

export type ExportFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'markdown' | 'sql';

/** How rows are written as text. */
export interface TextStyle {
  readonly format: ExportFormat;
  /** Whether what a spreadsheet would run as a formula gets an apostrophe, in CSV and tab-separated text. */
  readonly guardFormulas: boolean;
  /** Which end of the whole a piece of it has; a text that comes in one piece has both. */
  readonly ends: { readonly isFirst: boolean; readonly isLast: boolean };
}

/** A rectangle of a view; `rows` is half open. */
export interface ResultRange {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly number[];
  readonly header: boolean;
}

/** A text that is looked for in the cells of a view, from a cell on in reading order and around its end. */
export interface CellSearch {
  readonly text: string;
  readonly from: { readonly row: number; readonly column: number };
  /** Whether the cell it starts at counts, as while a text is typed. */
  readonly inclusive: boolean;
  readonly backwards: boolean;
}

export interface FoundCell {
  readonly row: number;
  readonly column: number;
  /** Rows with the text anywhere in them, and which of them this is, from 1. */
  readonly rows: number;
  readonly at: number;
}

/** Rows that a person selected in a result: half open, of a view. */
export interface PickedView {
  readonly view: ResultView;
  readonly rows: readonly [from: number, to: number];
}

export type ResultsHostCalls = {
  ready: Call<undefined, void>;
  page: Call<
    { readonly tab: number; readonly version: number; readonly view: ResultView; readonly offset: number; readonly limit: number },
    ResultPage
  >;
  statistics: Call<{ readonly tab: number; readonly view: ResultView; readonly column: number }, ColumnStatistics>;
  profile: Call<{ readonly tab: number; readonly view: ResultView; readonly column: number }, ColumnDetail>;
  chart: Call<{ readonly tab: number; readonly view: ResultView; readonly question: ChartQuestion }, ChartAnswer>;
  copyText: Call<{ readonly text: string }, void>;
  totals: Call<{ readonly tab: number; readonly view: ResultView; readonly range: ResultRange }, SelectionTotals>;
  /** The most frequent values of a column. */
  values: Call<{ readonly tab: number; readonly view: ResultView; readonly column: number }, readonly ValueCount[]>;
  /** Shows where the values of a column come from. */
  lineage: Call<{ readonly tab: number; readonly column: number }, void>;
  find: Call<{ readonly tab: number; readonly view: ResultView; readonly search: CellSearch }, FoundCell | undefined>;
  activate: Call<{ readonly tab: number }, void>;
  pin: Call<{ readonly tab: number; readonly pinned: boolean }, void>;
  close: Call<{ readonly tab: number }, void>;
  cancel: Call<{ readonly tab: number }, void>;
  rerun: Call<{ readonly tab: number }, void>;
  export: Call<{ readonly tab: number; readonly view: ResultView; readonly format: ExportFormat }, void>;
  /** Puts a rectangle of rows on the clipboard. */
  copy: Call<{ readonly tab: number; readonly view: ResultView; readonly format: ExportFormat; readonly range: ResultRange }, void>;
  /** Makes a unit test of selected rows. */
  unitTest: Call<{ readonly tab: number; readonly picked: PickedView }, void>;
  open: Call<{ readonly tab: number; readonly location?: Location }, void>;
  /** Starts the preview of the model in the active editor. */
  previewActive: Call<undefined, void>;
  /** Whether a tab shows what the cursor of the editor stands in. */
  follow: Call<{ readonly isOn: boolean }, void>;
  /** Puts the cursor into a CTE of the model that is followed, or into its last query. */
  goToStep: Call<{ readonly tab: number; readonly cte: string }, void>;
  failed: Call<{ readonly message: string; readonly stack: string }, void>;
};

export type ResultsCalls = {
  /** The rows that are selected in the tab that is seen. */
  selection: Call<undefined, { readonly tab: number; readonly picked: PickedView } | undefined>;
  show: Call<{ readonly tabs: readonly ResultTab[]; readonly active: number | undefined; readonly isFollowing: boolean }, void>;
};
