import type { Rendering } from '../dbt/rendering.ts';
import type { NodeText } from '../snapshot.ts';
import type { Name, Query, Statement } from '../sql/ir.ts';
import type { SourceMap } from '../text/source-map.ts';
import type { Span } from '../text/span.ts';

/** A statement that fills a table, with the file it stands in. */
export interface Filling {
  readonly path: string;
  readonly text: string;
  readonly statement: Statement;
  readonly query: Query;
  /** The columns that the query's columns go into, in its order; empty where they keep their names. */
  readonly columns: readonly string[];
}

/** A piece of the text that stands for a model: copied from its file, or words of ours between such pieces. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly source: Span;
  readonly verbatim: boolean;
}

class Pieces implements SourceMap {
  constructor(readonly pieces: readonly Piece[]) {}

  locate(offset: number): { readonly span: Span; readonly verbatim: boolean } {
    const piece = this.pieces.find(({ start, end }) => offset >= start && offset < end) ?? this.pieces.at(-1);
    if (piece === undefined) return { span: { start: 0, end: 0 }, verbatim: false };
    if (!piece.verbatim) return { span: piece.source, verbatim: false };
    const at = piece.source.start + Math.min(offset, piece.end) - piece.start;
    return { span: { start: at, end: Math.min(at + 1, piece.source.end) }, verbatim: offset < piece.end };
  }

  locateSpan(span: Span): Span {
    if (span.end <= span.start) return this.locate(span.start).span;
    const first = this.locate(span.start).span;
    const last = this.locate(span.end - 1).span;
    return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
  }

  outputOf(sourceOffset: number): number | undefined {
    const piece = this.pieces.find(({ verbatim, source }) => verbatim && sourceOffset >= source.start && sourceOffset < source.end);
    return piece === undefined ? undefined : piece.start + sourceOffset - piece.source.start;
  }
}

/** The text of a model made by statements: the query itself, or, where several fill it or columns are renamed, all of them united. */
export function toPlainText(fillings: readonly Filling[]): NodeText {
  const [first] = fillings;
  const path = first?.path ?? '';
  const text = first?.text ?? '';
  // Fillings of other files have no place in the map of this one.
  const own = fillings.filter((filling) => filling.path === path);
  const whole = {
    start: Math.min(...own.map(({ statement }) => statement.span.start)),
    end: Math.max(...own.map(({ statement }) => statement.span.end)),
  };
  const pieces: Piece[] = [];
  let sql = '';
  const add = (words: string, source: Span, verbatim: boolean): void => {
    pieces.push({ start: sql.length, end: sql.length + words.length, source, verbatim });
    sql += words;
  };
  const copy = (filling: Filling): void => {
    const { span } = filling.query;
    const isOwn = filling.path === path;
    const unwritten = findUnwritten(filling.query);
    if (unwritten !== undefined) add(`select * from ${unwritten}`, isOwn ? span : whole, false);
    else add(filling.text.slice(span.start, span.end), isOwn ? span : whole, isOwn);
  };
  if (first !== undefined && fillings.length === 1 && first.columns.length === 0) copy(first);
  else {
    for (const [i, filling] of fillings.entries()) {
      const columns = filling.columns.length > 0 ? ` (${filling.columns.map(quoteUnlessPlain).join(', ')})` : '';
      add(`${i === 0 ? 'with ' : ',\n'}filled_${i + 1}${columns} as (\n`, filling.path === path ? filling.statement.span : whole, false);
      copy(filling);
      add('\n)', filling.path === path ? filling.statement.span : whole, false);
    }
    add(`\n${fillings.map((_, i) => `select * from filled_${i + 1}`).join('\nunion all\n')}`, whole, false);
  }
  return { path, source: text.slice(whole.start, whole.end), offset: whole.start, rendering: toRendering(sql, new Pieces(pieces)) };
}

/** The relation that a statement reads whole without saying SELECT, as `CREATE TABLE … LIKE` and loads of files do. */
function findUnwritten({ body, span }: Query): string | undefined {
  const relation = body.kind === 'select' ? body.from[0] : undefined;
  if (relation?.kind !== 'table' || relation.span.start !== span.start || relation.span.end !== span.end) return undefined;
  return relation.parts.map((part) => quoteUnlessPlain(part.text)).join('.');
}

function quoteUnlessPlain(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The columns that a query's columns go into: those that the statement names, else those of the table where their number fits. */
export function findFilledColumns(targetColumns: readonly Name[], query: Query, declared: readonly string[]): readonly string[] {
  if (targetColumns.length > 0) return targetColumns.map(({ text }) => text);
  const width = widthOf(query);
  return width !== undefined && width === declared.length ? declared : [];
}

function widthOf({ body }: Query): number | undefined {
  if (body.kind === 'select') return body.items.some((item) => item.kind === 'star') ? undefined : body.items.length;
  if (body.kind === 'values') return body.rows[0]?.length;
  if (body.kind === 'nested') return widthOf(body.query);
  return body.kind === 'set' ? widthOf(body.left) : undefined;
}

function toRendering(sql: string, map: SourceMap): Rendering {
  const none: readonly never[] = [];
  return {
    status: 'rendered', sql, map, refs: none, sources: none, metrics: none, configCalls: none, macrosCalled: none, varsRead: none,
    envRead: none, queries: none, queriesNeeded: none, logs: none, problems: none,
  }; // biome-ignore format: a plain SQL text has done nothing of all this
}
