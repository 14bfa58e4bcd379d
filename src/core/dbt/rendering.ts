import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import type { SourceMap } from '../text/source-map.ts';
import type { Span } from '../text/span.ts';
import type { PlainRecord, RefCall, SourceCall } from './environment.ts';

/** A call as the template made it, with its place in the file where it stands in the node's own text. */
export interface RecordedRef extends RefCall {
  readonly span?: Span;
  readonly node?: NodeId;
  /** What the project's own `ref` gave in place of the relation. */
  readonly printed?: string;
  /** Read from the text behind the place where the rendering stopped: it may stand in a branch that would not be taken. */
  readonly guessed?: true;
}

export interface RecordedSource extends SourceCall {
  readonly span?: Span;
  readonly node?: NodeId;
  readonly printed?: string;
  readonly guessed?: true;
}

/**
 * `rendered`: the text is whole. `needs-data`: it stopped at a query nobody answered, which is in `queriesNeeded`; run it, answer it
 * through the environment and render again. A sketch goes on behind such a query. `failed`: the template is wrong, `problems` says how.
 */
export type RenderStatus = 'rendered' | 'needs-data' | 'failed';

/** What a template gave and everything it did on the way. */
export interface Rendering {
  readonly status: RenderStatus;
  /** The text; of what did not end well, the part before the stop. */
  readonly sql: string;
  /** Whether it stopped before the end of its template. */
  readonly cutShort?: boolean;
  /** From `sql` to the node's own file. */
  readonly map: SourceMap;
  readonly refs: readonly RecordedRef[];
  readonly sources: readonly RecordedSource[];
  readonly metrics: readonly { readonly name: string; readonly package?: string; readonly span?: Span }[];
  /** The arguments of each `config(…)`, in order. */
  readonly configCalls: readonly PlainRecord[];
  /** Ids such as `macro.dbt_utils.star`, each once, in the order of their first call. */
  readonly macrosCalled: readonly string[];
  readonly varsRead: readonly string[];
  readonly envRead: readonly string[];
  /** Every query that was asked, answered or not. */
  readonly queries: readonly string[];
  readonly queriesNeeded: readonly string[];
  readonly logs: readonly string[];
  readonly problems: readonly Problem[];
}
