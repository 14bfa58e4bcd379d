import type { ProblemCode, Severity } from '../../text/problem.ts';
import type { Span } from '../../text/span.ts';
import type { NodeGrain, ProjectGrain } from '../project-grain.ts';
import type { PlacedSelect } from '../query-facts.ts';

/** The mistakes that rules look for; each is a problem code of its own. */
export type RuleCode = Extract<
  ProblemCode,
  | 'fan-out'
  | 'chasm-trap'
  | 'scd-join'
  | 'semi-additive-sum'
  | 'average-of-averages'
  | 'outer-join-filtered'
  | 'outer-join-count'
  | 'not-in-null'
  | 'union-rows'
  | 'integer-division'
>;

/** What is said of a finding, and how strongly. */
export interface Verdict {
  readonly severity: Severity;
  readonly message: string;
  /** How many times too large the aggregate is over the rows at hand. */
  readonly factor?: number;
}

/** A place that a rule speaks of. */
export interface Finding {
  readonly rule: RuleCode;
  readonly span: Span;
  /** What is said where no rows are at hand; undefined where only rows could tell. */
  readonly verdict: Verdict | undefined;
  /** A query of one row over the data at hand, and what its answer makes of the finding; undefined for nothing to say. */
  readonly question?: { readonly sql: string; judge(row: readonly unknown[]): Verdict | undefined };
  /** Changes of the text that do away with it, the likeliest first. */
  readonly fixes?: readonly RuleFix[];
}

/** A change of a node's SQL: each text takes the place of what its span holds, and an empty span is a place between two signs. */
export interface RuleFix {
  readonly title: string;
  readonly changes: readonly { readonly span: Span; readonly text: string }[];
}

/** What a rule looks at. */
export interface RuleInput {
  readonly grain: NodeGrain;
  readonly project: ProjectGrain;
}

/** A rule with what people read about it. */
export interface Rule {
  readonly code: RuleCode;
  readonly title: string;
  readonly advice: string;
  find(input: RuleInput): readonly Finding[];
}

/** The text of a piece of the node's SQL on one line. */
export function textOf({ grain: { reading } }: RuleInput, span: Span): string {
  return reading.sql.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
}

/** The same, cut to what fits into a sentence. */
export function shortTextOf(input: RuleInput, span: Span): string {
  const text = textOf(input, span);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The text of the WITH clauses and FROM of a SELECT, for a question about its rows. */
export function isTopLevel(select: PlacedSelect): boolean {
  return select.around.slice(1).every((query) => query.ctes.length === 0);
}

/** Numbers that an engine may give as text or as a bigint. */
export function toNumber(value: unknown): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

/** A factor as people say it. */
export function showFactor(factor: number): string {
  return `${factor >= 100 ? Math.round(factor) : factor.toFixed(factor >= 10 ? 1 : 2).replace(/\.?0+$/, '')}×`;
}
