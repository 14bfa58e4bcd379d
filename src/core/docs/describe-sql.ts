import type { Snapshot } from '../snapshot.ts';
import { findFunction } from '../sql/functions.ts';
import type { CallExpression, ColumnExpression, Cte, TableRelation } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { ColumnSet, ResolvedColumn } from '../sql/resolve/columns.ts';
import { showType } from '../sql/types.ts';
import { translate } from '../translate/translate.ts';
import { findReads } from './cte-reads.ts';
import { copiedRef, findDescription } from './describe-column.ts';
import { describeCteGrain } from './describe-grain.ts';
import { below, count, toCell, toCode, toName, toProse } from './markdown.ts';
import type { SqlReading } from './reading.ts';
import { visitTree } from './tree-path.ts';

/** A CTE: what it reads and the columns it has. */
export function describeCte(snapshot: Snapshot, reading: SqlReading, cte: Cte, columns: ColumnSet | undefined): string {
  const reads = findReads(cte);
  let uses = 0;
  visitTree(reading.query, (part) => {
    if (
      part.kind === 'table' &&
      (part as TableRelation).parts.length === 1 &&
      (part as TableRelation).parts[0]?.text.toLowerCase() === cte.name.text.toLowerCase()
    )
      uses++;
  });
  const known = columns?.columns.filter((column) => !column.isStar) ?? [];
  const lines = [
    `**${toName(cte.name.text)}** · CTE · ${
      reads.length === 0
        ? 'reads no relation'
        : `reads ${reads
            .slice(0, 5)
            .map((name) => toCode(name))
            .join(', ')}${reads.length > 5 ? '…' : ''}`
    } · ${uses === 0 ? 'nothing reads it' : `read ${uses === 1 ? 'once' : `${uses} times`}`}`,
  ];
  const note = commentAbove(reading.sql, cte.span.start);
  if (note !== '') lines.push(toProse(note));
  const grain = describeCteGrain(snapshot, reading, cte);
  if (grain !== '') lines.push(grain);
  if (known.length > 0) lines.push(describeColumns(snapshot, known, columns?.isOpen === true));
  return lines.join('\n\n');
}

/** The columns of a subquery or of a star. */
export function describeColumns(snapshot: Snapshot, columns: readonly ResolvedColumn[], isOpen: boolean): string {
  const rows = columns.slice(0, 40).map((column) => {
    const ref = copiedRef(snapshot, column);
    const description = ref === undefined ? undefined : findDescription(snapshot, ref);
    const type = showType(column.type, snapshot.project.dialect);
    return `| ${toCode(column.name).replaceAll('|', '\\|')} | ${type === 'unknown' ? '' : toName(type.toLowerCase())} | ${description === undefined ? '' : toCell(description.text)} |`;
  });
  const more = columns.length > 40 ? `\n\n…and ${columns.length - 40} more` : '';
  const open = isOpen ? 'at least ' : '';
  return below(`${open}${count(columns.length, 'column')}`, `| column | type | |\n|---|---|---|\n${rows.join('\n')}${more}`);
}

function commentAbove(sql: string, at: number): string {
  const lines = sql.slice(0, at).split('\n').slice(0, -1);
  const found: string[] = [];
  for (const line of lines.reverse()) {
    const comment = /^\s*--\s?(.*)$/.exec(line);
    if (comment === null) break;
    found.unshift(comment[1] ?? '');
  }
  return found.join('\n');
}

/** A function of the dialect: what it gives back, and what a preview runs in its place. */
export function describeFunction(snapshot: Snapshot, reading: SqlReading, call: CallExpression): string {
  const { dialect } = snapshot.project;
  const facts = findFunction(call.name);
  const kind = facts === undefined ? 'function' : call.over === undefined ? `${facts.role} function` : 'window function';
  const type = reading.resolution.types.get(call)?.type;
  const shown = type === undefined ? '' : showType(type, dialect);
  const title = `**${toName(call.name)}** · ${kind} of ${dialect}${shown === '' || shown === 'unknown' ? '' : ` · gives ${toCode(shown)}`}`;
  const lines = [title];
  if (facts !== undefined) lines.push(nullWords[facts.nulls]);
  lines.push(previewWords(snapshot, reading, call));
  return lines.join('\n\n');
}

/** Whether a preview can run a call as it stands, by translating it with values of the same types in place of its columns. */
function previewWords(snapshot: Snapshot, reading: SqlReading, call: CallExpression): string {
  const { dialect } = snapshot.project;
  const columns: ColumnExpression[] = [];
  visitTree(call, (part) => {
    if (part.kind === 'column') columns.push(part as ColumnExpression);
  });
  columns.sort((a, b) => a.span.start - b.span.start);
  let text = '';
  let at = call.span.start;
  for (const column of columns) {
    const type = reading.resolution.types.get(column)?.type;
    if (column.span.start < at || reading.resolution.references.get(column)?.columns.length !== 1) continue;
    const shown = type === undefined || type.kind === 'unknown' || type.kind === 'null' ? undefined : showType(type, dialect);
    text += `${reading.sql.slice(at, column.span.start)}${shown === undefined ? 'null' : `cast(null as ${shown})`}`;
    at = column.span.end;
  }
  text += reading.sql.slice(at, call.span.end);
  const query = findModelQuery(parseSql(`select ${text}`, dialect));
  if (query === undefined) return '';
  const translated = translate(query, { dialect, now: '2000-01-01 00:00:00', table: () => undefined });
  if (translated.kind === 'asks') return 'A preview can run it.';
  if (translated.kind === 'refused')
    return `**A preview cannot run it.** ${toProse(translated.message)}${translated.alternative === undefined ? '' : ` ${toProse(translated.alternative)}`}`;
  return ['A preview can run it.', ...translated.notes.map(toProse)].join(' ');
}

const nullWords = {
  never: 'Never null.',
  always: 'May be null whatever its arguments are.',
  arguments: 'Null where an argument is null.',
  'all-arguments': 'Null where all arguments are null.',
} as const;
