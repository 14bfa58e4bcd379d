import type { Span } from '../text/span.ts';

/** Something to say about a selection: the place is one in its text, or the text is one of `selectors.yml`. */
export interface SelectorProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
}

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

/** One criterion: a method, a value, and how far to follow the graph from what it finds. */
export interface SelectorCriterion {
  readonly kind: 'criterion';
  readonly text: string;
  readonly span: Span;
  /** `fqn`, `path` or `file` where none was written. */
  readonly method: string;
  /** What follows the method's first dot: `materialized` in `config.materialized:table`. */
  readonly arguments: readonly string[];
  readonly value: string;
  /** Steps upstream, Infinity for all, 0 for none. */
  readonly parents: number;
  readonly children: number;
  /** `@`: descendants, and all that those are built from. */
  readonly childrensParents: boolean;
  readonly indirect?: IndirectSelection;
}

export type SelectorExpression =
  | SelectorCriterion
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly SelectorExpression[] }
  | { readonly kind: 'difference'; readonly from: SelectorExpression; readonly minus: SelectorExpression };

const criterionPattern = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/s;

/** Reads a selection as the command line takes it: spaces unite, commas intersect. */
export function parseSelector(text: string): { readonly expression: SelectorExpression; readonly problems: readonly SelectorProblem[] } {
  const problems: SelectorProblem[] = [];
  const parts: SelectorExpression[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const pieces: SelectorExpression[] = [];
    let start = match.index;
    for (const piece of match[0].split(',')) {
      const span = { start, end: start + piece.length };
      start = span.end + 1;
      const criterion = parseCriterion(piece, span);
      if (typeof criterion === 'string') problems.push({ severity: 'error', message: criterion, span });
      else pieces.push(criterion);
    }
    const only = pieces[0];
    if (only !== undefined) parts.push(pieces.length === 1 ? only : { kind: 'intersection', parts: pieces });
  }
  const only = parts[0];
  return { expression: parts.length === 1 && only !== undefined ? only : { kind: 'union', parts }, problems };
}

/** Reads one criterion such as `2+tag:nightly+`, or says what is wrong with it. */
export function parseCriterion(text: string, span: Span): SelectorCriterion | string {
  const match = criterionPattern.exec(text);
  const [, at, parentSteps, method, value = '', childSteps] = match ?? [];
  if (value === '') return text === '' ? 'A comma stands without a criterion beside it.' : `'${text}' names nothing to select.`;
  if (at !== undefined && childSteps !== undefined)
    return `'@' already follows the children, so it cannot stand together with '+' at the end of '${text}'.`;
  const [name = '', ...rest] = (method ?? findMethod(value)).split('.');
  return {
    kind: 'criterion',
    text,
    span,
    method: name,
    arguments: rest,
    value,
    parents: toSteps(parentSteps),
    children: toSteps(childSteps),
    childrensParents: at !== undefined,
  };
}

/** The method that a bare value means: a path, a file's name, or a name with its folders. */
export function findMethod(value: string): 'path' | 'file' | 'fqn' {
  if (/[\\/]/.test(value)) return 'path';
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn';
}

/** Whether an expression, or a selector of `selectors.yml` that it names, selects by a method. */
export function usesMethod(
  expression: SelectorExpression,
  method: string,
  selectors: ReadonlyMap<string, SelectorExpression>,
  seen: Set<string> = new Set(),
): boolean {
  const uses = (part: SelectorExpression): boolean => usesMethod(part, method, selectors, seen);
  if (expression.kind === 'difference') return uses(expression.from) || uses(expression.minus);
  if (expression.kind !== 'criterion') return expression.parts.some(uses);
  if (expression.method === method) return true;
  const named = expression.method === 'selector' && !seen.has(expression.value) ? selectors.get(expression.value) : undefined;
  seen.add(expression.value);
  return named !== undefined && uses(named);
}

function toSteps(digits: string | undefined): number {
  if (digits === undefined) return 0;
  return digits === '' ? Number.POSITIVE_INFINITY : Number(digits);
}
