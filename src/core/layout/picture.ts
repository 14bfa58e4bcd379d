import type { Layer } from './layer.ts';
import type { ColumnRef, TestBadge, TestStatus } from './project-graph.ts';

/** What part of a project a picture shows. */
export type Scope =
  | { readonly kind: 'focus'; readonly node: string; readonly up: number; readonly down: number }
  | { readonly kind: 'project'; readonly opened: readonly string[] }
  | { readonly kind: 'path'; readonly from: string; readonly to: string }
  | { readonly kind: 'select'; readonly selector: string }
  | { readonly kind: 'ctes'; readonly node: string }
  | { readonly kind: 'all' };

/** Everything a picture depends on besides the project: plain data, so that it is remembered, shared and gone back to. */
export interface GraphView {
  readonly scope: Scope;
  /** Cards that show their columns. */
  readonly expanded: readonly string[];
  /** Cards whose every hidden neighbour on a side was asked for. */
  readonly grown: readonly { readonly node: string; readonly side: 'up' | 'down' }[];
  /** The column whose lineage is lit. */
  readonly column?: ColumnRef;
  readonly tests: boolean;
  /** Whether the project's macros are nodes like others. */
  readonly macros?: boolean;
  readonly sort: 'sql' | 'name';
}

/** The view that a picture of one node begins with: two steps up, two steps down. */
export function toFocusView(node: string): GraphView {
  return { scope: { kind: 'focus', node, up: 2, down: 2 }, expanded: [], grown: [], tests: false, sort: 'sql' };
}

/** The view of the whole project, every group closed. */
export function toProjectView(): GraphView {
  return { scope: { kind: 'project', opened: [] }, expanded: [], grown: [], tests: false, sort: 'sql' };
}

/** A row of an expanded card; y is from the top of the card to the middle of the row. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly key?: 'primary' | 'foreign' | 'unique';
  /** Why it is a key, or why that could not be counted. */
  readonly because?: string;
  readonly y: number;
  readonly lit: boolean;
}

export interface Card {
  readonly id: string;
  /** A node's kind, or `group`, `more`, `cte`, `query`, `entity`. */
  readonly kind: string;
  readonly name: string;
  /** The second line. */
  readonly detail: string;
  readonly layer: Layer;
  readonly materialized: string;
  readonly path: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly expanded: boolean;
  readonly canExpand: boolean;
  readonly rows: readonly Row[];
  /** Rows left out of an expanded card. */
  readonly moreRows: number;
  /** Neighbours that the view hides. */
  readonly hiddenUp: number;
  readonly hiddenDown: number;
  readonly tests: TestBadge;
  /** How the test itself, the source's freshness or the relation's build ended when it last ran. */
  readonly last?: TestStatus;
  /** Of a source: how fresh it should be, in words. */
  readonly freshness?: string;
  readonly owner?: string;
  /** When its file was written last, in milliseconds. */
  readonly modified?: number;
  readonly emphasis: 'focus' | 'lit' | 'plain' | 'dim';
  /** For groups: how many nodes it stands for. */
  readonly count: number;
  /** For a folded hub: the card it hangs on and the side. */
  readonly folds?: { readonly node: string; readonly side: 'up' | 'down' };
}

export type CrowsFoot = 'one' | 'zero-or-one' | 'many' | 'zero-or-many';

export interface Link {
  readonly from: number;
  readonly to: number;
  /** Points x, y, x, y…, straight inside columns and bent between them. */
  readonly route: readonly number[];
  readonly kind: 'flow' | 'data' | 'use' | 'relation' | 'candidate';
  readonly emphasis: 'plain' | 'lit' | 'dim';
  /** The line's width: 1, or more where it stands for many. */
  readonly weight: number;
  readonly label: string;
  /** What hovering tells: an expression, the evidence of a relation. */
  readonly detail: string;
  readonly fromColumn?: string;
  readonly toColumn?: string;
  readonly feet?: { readonly from: CrowsFoot; readonly to: CrowsFoot };
}

/** A box around cards: an opened group. */
export interface Frame {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A heading above a column of the overview. */
export interface Heading {
  readonly name: string;
  readonly layer: Layer;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Everything there is to draw, laid out. */
export interface Picture {
  readonly title: string;
  readonly cards: readonly Card[];
  readonly links: readonly Link[];
  readonly frames: readonly Frame[];
  readonly headings: readonly Heading[];
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** The card the picture is about. */
  readonly anchor?: string;
  /** What the picture leaves out or cannot show, a sentence each. */
  readonly notes: readonly string[];
  /** With a column lit: what a change of it reaches. */
  readonly reach?: Reach;
}

/** What a change of a column reaches downstream. */
export interface Reach {
  readonly column: ColumnRef;
  readonly columns: number;
  readonly nodes: number;
  readonly tests: number;
  readonly exposures: number;
  readonly layers: readonly { readonly layer: Layer; readonly nodes: number }[];
}
