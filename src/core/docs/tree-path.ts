import type { Span } from '../text/span.ts';

/** A part of a query's tree, seen by its kind alone. */
export interface TreePart {
  readonly kind?: string;
  readonly span?: Span;
}

/** The parts of a tree around an offset, from the outermost inwards. The end of a part counts as inside it. */
export function partsAt(tree: TreePart, offset: number): readonly TreePart[] {
  const path: TreePart[] = [];
  descend(tree, offset, path);
  return path;
}

function descend(part: object, offset: number, path: TreePart[]): boolean {
  const { span } = part as TreePart;
  const inside = span === undefined || (span.start <= offset && offset <= span.end);
  if (!inside) return false;
  if (span !== undefined) path.push(part as TreePart);
  const length = path.length;
  // Of two neighbours that touch, the one that begins at the offset is meant: `a|+b` is `a`, but `(|a` is `a` too.
  let touching: TreePart[] | undefined;
  for (const value of Object.values(part)) {
    if (typeof value !== 'object' || value === null) continue;
    if (descend(value, offset, path)) {
      const last = path[path.length - 1];
      if (last?.span === undefined || offset < last.span.end || path.length === length) return true;
      touching ??= path.slice(length);
      path.length = length;
    }
  }
  if (touching !== undefined) path.push(...touching);
  return span !== undefined || path.length > length;
}

/** Calls back for every part of a tree that has a kind, parents first. */
export function visitTree(tree: object, visit: (part: TreePart) => void): void {
  const pending: object[] = [tree];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if ((part as TreePart).kind !== undefined) visit(part as TreePart);
    const values = Object.values(part);
    for (let at = values.length - 1; at >= 0; at--) {
      const value: unknown = values[at];
      if (typeof value === 'object' && value !== null) pending.push(value);
    }
  }
}
