import type { Span } from '../text/span.ts';
import type { ValueType } from './value-type.ts';

/** A piece of SQL for the engine with the type of its value. */
export interface Typed {
  readonly sql: string;
  readonly type: ValueType;
  /** The text of a string literal, the digits of a number: what can be worked out before anything runs. */
  readonly literal?: string;
}

/** Ends a translation: what cannot be had exactly is refused by name and range, with what can be done instead. Caught by `translate`. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly span: Span,
    readonly alternative?: string,
  ) {
    super(message);
  }
}

/** Ends a translation that has to know what a query gives first. Caught by `translate`. */
export class Question extends Error {
  constructor(
    readonly sql: string,
    readonly span: Span,
  ) {
    super('a question to the engine');
  }
}

export function quoteText(text: string): string {
  // A NUL would end the statement for SQLite.
  return text.includes('\0')
    ? `(${text
        .split('\0')
        .map((part) => `'${part.replace(/'/g, "''")}'`)
        .join('||char(0)||')})`
    : `'${text.replace(/'/g, "''")}'`;
}

export function quoteName(name: string): string {
  // A NUL would end the statement for SQLite: its picture stands for it.
  return `"${name.replaceAll('\0', '\u2400').replace(/"/g, '""')}"`;
}
