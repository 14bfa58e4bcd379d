import type { Location, Position } from './span.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/**
 * Everything Headwater can say about a project, by its stable code. Scripts and settings refer to the codes, so a code is never
 * renamed or reused. Add yours here, in alphabetical order within its family.
 */
export const problemCatalogue = {
  'average-of-averages': 'warning',
  'batch-file-missing': 'warning',
  'chained-views': 'hint',
  'chasm-trap': 'warning',
  'column-ambiguous': 'error',
  'column-documented-missing': 'warning',
  'column-undocumented': 'hint',
  'column-unknown': 'error',
  'config-key': 'warning',
  'config-refused': 'error',
  'csv-duplicate-header': 'warning',
  'csv-empty': 'warning',
  'csv-quote': 'warning',
  'csv-ragged-row': 'warning',
  'csv-sampled': 'info',
  'cte-unused': 'hint',
  'dialect-guessed': 'info',
  'direct-join-to-source': 'hint',
  'doc-unknown': 'error',
  'downstream-reads-source': 'hint',
  'duplicate-source': 'info',
  'env-missing': 'warning',
  'exposure-reads-view': 'hint',
  'fan-out': 'warning',
  'file-skipped': 'warning',
  'file-too-large': 'warning',
  'file-undecodable': 'error',
  'function-assumed': 'info',
  'grain-changed': 'info',
  'integer-division': 'warning',
  'jinja-budget': 'error',
  'jinja-error': 'error',
  'jinja-syntax': 'error',
  'join-types': 'warning',
  'macro-duplicate': 'error',
  'metric-column': 'error',
  'metric-definition': 'error',
  'metric-types': 'warning',
  'metric-unknown': 'error',
  'model-cycle': 'error',
  'model-duplicate-name': 'error',
  'model-empty': 'warning',
  'model-fanout': 'hint',
  'multiple-sources-joined': 'hint',
  'naming-rule': 'warning',
  'needs-data': 'info',
  'not-in-null': 'warning',
  'outer-join-count': 'warning',
  'outer-join-filtered': 'warning',
  'package-missing': 'warning',
  'preview-failed': 'error',
  'preview-refused': 'error',
  'project-config': 'warning',
  'project-set-aside': 'error',
  'project-unreadable': 'error',
  'properties-shape': 'error',
  'properties-unknown': 'warning',
  'ref-disabled': 'error',
  'ref-private': 'error',
  'ref-unknown': 'error',
  'rejoined-upstream': 'hint',
  'relation-duplicate': 'error',
  'scd-join': 'warning',
  'semi-additive-sum': 'warning',
  'source-fanout': 'hint',
  'source-is-built': 'warning',
  'source-unknown': 'error',
  'source-unused': 'hint',
  'sql-opaque': 'info',
  'staging-reads-downstream': 'info',
  'staging-reads-staging': 'hint',
  'table-hard-coded': 'warning',
  'template-without-dbt': 'warning',
  'too-many-joins': 'hint',
  'union-columns': 'error',
  'union-rows': 'warning',
  'union-types': 'warning',
  'yaml-duplicate': 'error',
  'yaml-duplicate-key': 'warning',
  'yaml-syntax': 'error',
  'yaml-unknown-key': 'warning',
} as const satisfies Record<string, Severity>;

export type ProblemCode = keyof typeof problemCatalogue;

/** Something wrong in the user's project: never thrown, always with a place and a sentence that says what to do. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
  /** Texts of which one may stand in place of what the range holds. */
  readonly instead?: readonly string[];
  /** Other places that belong to it, such as the other members of a cycle. */
  readonly related?: readonly { readonly location: Location; readonly message: string }[];
}

const fileStart: Position = { line: 1, column: 1 };

/** A problem of the catalogue's severity; without a location it stands at the top of the file. */
export function toProblem(code: ProblemCode, message: string, at: Location | string, severity: Severity = problemCatalogue[code]): Problem {
  const location = typeof at === 'string' ? { path: at, start: fileStart, end: fileStart } : at;
  return { code, severity, message, path: location.path, start: location.start, end: location.end };
}
