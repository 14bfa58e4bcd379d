import type { Span } from '../../text/span.ts';
import type { Expression, Name } from '../ir.ts';

/** The text that was read, and the span that stands for every part of it: the library says little about places. */
export interface Reading {
  readonly text: string;
  readonly span: Span;
  readonly toExpression: (node: unknown, reading: Reading) => Expression | undefined;
}

/** A node of the library's tree, whose shape differs from dialect to dialect. */
export type Foreign = Readonly<Record<string, unknown>>;

export function isForeign(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a list, and the one thing that stands where a list may. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** A name, which stands there as a text, as `{value}` or as `{expr: {value}}`. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isForeign(value)) return undefined;
  if (typeof value.value === 'string') return value.value;
  return value.expr === undefined ? textOf(value.name) : textOf(value.expr);
}

/** A name as the SQL writes it: whether it stood in quotes is looked up in the text. */
export function toName(text: string, { text: sql, span }: Reading): Name {
  const quoted = sql.includes(`"${text}"`) || sql.includes(`\`${text}\``) || sql.includes(`[${text}]`);
  return { text, quoted, span };
}
