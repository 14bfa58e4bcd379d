import type { Snapshot } from '../snapshot.ts';
import type { Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { describeColumn, describeField, describeResolved } from './describe-column.ts';
import { describeDocs, describeMacro, describeRendered, describeVar } from './describe-jinja.ts';
import { toNodeText } from './describe-node.ts';
import { describeColumns, describeCte, describeFunction } from './describe-sql.ts';
import { toCode, toName, toProse } from './markdown.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import type { SqlReading } from './reading.ts';
import type { SqlMeaning } from './sql-meaning.ts';

/** Markdown about the name at a position, and the range it speaks of. */
export interface HoverText {
  readonly markdown: string;
  readonly start: Position;
  readonly end: Position;
}

/** What is known of the name at a position of a SQL, properties or Markdown file: the answer first, the details below. */
export function hoverAt(snapshot: Snapshot, path: string, position: Position): HoverText | undefined {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined) return undefined;
  const lines = new LineMap(text);
  const meaning = findMeaning(snapshot, path, lines.offset(position));
  const markdown = meaning === undefined ? '' : describe(snapshot, meaning);
  if (meaning === undefined || markdown === '') return undefined;
  return { markdown, start: lines.position(meaning.span.start), end: lines.position(meaning.span.end) };
}

function describe(snapshot: Snapshot, meaning: Meaning): string {
  switch (meaning.kind) {
    case 'sql':
      return describeSql(snapshot, meaning.reading, meaning.meaning);
    case 'column':
      return describeColumn(snapshot, meaning.ref);
    case 'node':
      return toNodeText(snapshot, meaning.node, 40);
    case 'macro':
      return describeMacro(snapshot, meaning.macro);
    case 'var':
      return describeVar(snapshot, meaning.name, meaning.package);
    case 'docs':
      return describeDocs(meaning.block);
    case 'rendered':
      return describeRendered(meaning.source, meaning.results);
    case 'missing':
      return `There is no ${meaning.what} ${toCode(meaning.name)} in the project.`;
  }
}

function describeSql(snapshot: Snapshot, reading: SqlReading, meaning: SqlMeaning): string {
  switch (meaning.kind) {
    case 'column':
      return describeResolved(snapshot, reading, meaning.name, meaning.columns, meaning.reason);
    case 'field':
      return describeField(snapshot, reading, meaning);
    case 'unresolved':
      return `**${toName(meaning.name)}** · not found: ${toProse(meaning.reason)}`;
    case 'relation': {
      const text = toNodeText(snapshot, meaning.node, 40);
      return meaning.alias === undefined || meaning.alias === meaning.node.name ? text : `${toCode(meaning.alias)} stands for ${text}`;
    }
    case 'cte': {
      const text = describeCte(snapshot, reading, meaning.cte, meaning.columns);
      return meaning.alias === undefined || meaning.alias === meaning.cte.name.text ? text : `${toCode(meaning.alias)} stands for ${text}`;
    }
    case 'derived':
      return [
        `**${toName(meaning.name)}** · subquery`,
        meaning.columns === undefined
          ? ''
          : describeColumns(
              snapshot,
              meaning.columns.columns.filter((column) => !column.isStar),
              meaning.columns.isOpen,
            ),
      ]
        .filter((part) => part !== '')
        .join('\n\n');
    case 'function':
      return describeFunction(snapshot, reading, meaning.call);
    case 'star': {
      const known = meaning.columns.filter((column) => !column.isStar);
      return `${toCode('*')} stands for ${describeColumns(snapshot, known, known.length < meaning.columns.length)}`;
    }
  }
}
