import { isPseudoColumn } from '../sql/diagnose.ts';
import type { CallExpression, ColumnExpression, Expression, OpaqueExpression } from '../sql/ir.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Resolution } from '../sql/resolve.ts';
import { withoutComments } from '../sql/without-comments.ts';

/** Something that goes into a column of a node and that lies outside of what is known. */
export interface LostOrigin {
  readonly toColumn: string;
  readonly reason: string;
  /** The table as the SQL names it, and its column, where these are known. */
  readonly table?: string;
  readonly fromColumn?: string;
}

/** What a column is made of where no column of a table goes into it. */
export interface Leaves {
  /** Why something that goes into it is not known, each reason once. */
  readonly reasons: readonly string[];
  /** The literals and calls that it is made of, as the SQL writes them. */
  readonly expressions: readonly string[];
}

/** Follows a column down to where nothing more goes into it. */
export function findLeaves(column: ResolvedColumn, resolution: Resolution, sql: string): Leaves {
  const reasons = new Set<string>();
  const expressions = new Set<string>();
  const seen = new Set<ResolvedColumn>();
  const open = [column];
  for (const at of open) {
    if (seen.has(at) || at.table !== undefined) continue;
    seen.add(at);
    const { expression, inputs } = at;
    if (expression !== undefined) for (const reason of lostIn(expression, resolution)) reasons.add(reason);
    if (inputs.length > 0) open.push(...inputs.map((input) => input.column));
    else if (expression !== undefined) expressions.add(withoutComments(sql.slice(expression.span.start, expression.span.end)).trim());
    else reasons.add(at.isStar ? 'the columns of this query are not known' : `it is not known what '${at.name}' is made from`);
  }
  return { reasons: [...reasons], expressions: [...expressions] };
}

const lostInside = new WeakMap<Expression, readonly string[]>();

/** Why parts of an expression are not known; those of its subqueries are found where their columns are. */
function lostIn(expression: Expression, resolution: Resolution): readonly string[] {
  const known = lostInside.get(expression);
  if (known !== undefined) return known;
  const reasons: string[] = [];
  const visit = (part: object): void => {
    const { kind } = part as { readonly kind?: string };
    if (kind === 'column') {
      const reference = resolution.references.get(part as ColumnExpression);
      const name = (part as ColumnExpression).parts.at(-1)?.text ?? '';
      if (reference?.kind === 'unresolved' && !isPseudoColumn(name)) reasons.push(reference.reason ?? `'${name}' is not in scope`);
      return;
    }
    if (kind === 'opaque' && (part as OpaqueExpression).meaning === undefined)
      reasons.push(`'${shorten((part as OpaqueExpression).text)}' could not be read: ${(part as OpaqueExpression).reason}`);
    if (kind === 'call' && (part as CallExpression).name.startsWith('missing__'))
      reasons.push(missingReason((part as CallExpression).name));
    for (const [key, value] of Object.entries(part)) if (key !== 'span' && typeof value === 'object' && value !== null) visit(value);
  };
  visit(expression);
  lostInside.set(expression, reasons);
  return reasons;
}

/** What stands in rendered SQL for an answer nobody gave, and for a macro nobody has. */
function missingReason(name: string): string {
  if (name.startsWith('missing__answer')) return 'it depends on what a query answers while the template is rendered';
  return `the macro '${name.slice('missing__'.length).replaceAll('__', '.')}' comes from a package that is not installed`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
