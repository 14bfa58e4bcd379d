import type { Statement } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';

/** What a preview does with a statement that has neither query nor table of its own. */
export type Plain = { readonly kind: 'drop' | 'truncate'; readonly name: string } | { readonly kind: 'pass' };

/** Statements that change no rows. */
const passed =
  /^(set|use|grant|revoke|begin|commit|start\s+transaction|end|analyze|analyse|vacuum|show|describe|desc|explain|comment|optimize|refresh|lock|unlock|go|pragma|checkpoint|msck|reindex|cluster|create\s+(or\s+replace\s+)?(unique\s+|clustered\s+|nonclustered\s+)*(index|schema|database|extension|sequence|role|user|warehouse|stage|file\s+format|type|comment)|drop\s+(index|schema|database|extension|sequence|role|user|stage|function|procedure|type))\b/i;

const named =
  /^(drop|truncate)\s+(?:(?:local\s+|global\s+)?temp(?:orary)?\s+)?(?:materialized\s+)?(?:table\s+|view\s+)?(?:if\s+exists\s+)?([\w$."`[\]#-]+)/i;

/** What a statement that the grammar leaves aside asks for; undefined where a preview cannot do it. */
export function readPlain(text: string): Plain | undefined {
  const trimmed = text.trim();
  if (passed.test(trimmed)) return { kind: 'pass' };
  const match = named.exec(trimmed);
  if (match === null) return undefined;
  return { kind: match[1]?.toLowerCase() === 'drop' ? 'drop' : 'truncate', name: (match[2] ?? '').replace(/["`[\]]/g, '') };
}

/** Why a statement cannot be run in a preview, and where; undefined where it can. */
export function whyNotRun(statement: Statement, text: string): { readonly message: string; readonly span: Span } | undefined {
  const { span, kind } = statement;
  const own = text.slice(span.start, span.end);
  const [word = ''] = /^\s*\w+(\s+\w+)?/.exec(own) ?? [];
  const label = word.replace(/\s+/g, ' ').trim().toUpperCase();
  const no = (message: string, at: Span = span) => ({ message, span: at });
  if (kind === 'other' || (kind === 'define' && /^\s*alter\b/i.test(own)))
    return readPlain(own) === undefined ? no(`${label} is not run in a preview, so what comes of this script is not known.`) : undefined;
  if (kind === 'insert') {
    if (statement.query === undefined) return no('This INSERT has no rows that a preview can read.');
    if (/^\s*(insert\s+or|replace)\b/i.test(own)) return no(`${label} is not run in a preview: MERGE says the same.`);
    const tail = restOf(own, statement.query.span.end - span.start);
    if (/^\s*(on\s+(conflict|duplicate)|as\s)/i.test(tail))
      return no('ON CONFLICT is not run in a preview: MERGE says the same.', { start: span.end - tail.trimStart().length, end: span.end });
  }
  if (kind === 'update' || kind === 'delete') {
    if (statement.changed?.kind !== 'table') return no(`This ${kind.toUpperCase()} names no table whose rows a preview can change.`);
    if (/\b(limit\s+\d|current\s+of)\b/i.test(own)) return no(`A ${kind.toUpperCase()} with LIMIT or a cursor is not run in a preview.`);
  }
  if (kind === 'merge') {
    if (statement.merge?.target.kind !== 'table') return no('This MERGE names no table whose rows a preview can change.');
    const clause = statement.merge.clauses.find((one) => one.action === 'opaque');
    if (clause !== undefined) return no('This clause of MERGE holds more than a preview can run.', clause.span);
  }
  return undefined;
}

function restOf(own: string, from: number): string {
  return own.slice(Math.max(0, from));
}
