import type { Snapshot } from '../snapshot.ts';
import { showType } from '../sql/types.ts';
import type { Position, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { nodesInFile, readSql } from './reading.ts';

/** A CTE, a column, or the query itself, as an outline shows it. */
export interface FileSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'query' | 'cte' | 'column' | 'macro';
  readonly start: Position;
  readonly end: Position;
  /** The name itself. */
  readonly nameStart: Position;
  readonly nameEnd: Position;
  readonly children: readonly FileSymbol[];
}

/** The CTEs of a file with their columns, the query that is selected last, and the macros that the file defines. */
export function findSymbols(snapshot: Snapshot, path: string): readonly FileSymbol[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined || !/\.sql$/i.test(path)) return [];
  const lines = new LineMap(text);
  const symbols: FileSymbol[] = [];
  const toSymbol = (
    name: string,
    detail: string,
    kind: FileSymbol['kind'],
    whole: Span,
    own: Span,
    children: readonly FileSymbol[],
  ): FileSymbol => {
    // An editor refuses a name that does not lie within the whole.
    const span = { start: Math.min(whole.start, own.start), end: Math.max(whole.end, own.end) };
    const [start, end] = [lines.position(span.start), lines.position(span.end)];
    return {
      name: name === '' ? '?' : name,
      detail,
      kind,
      start,
      end,
      nameStart: lines.position(own.start),
      nameEnd: lines.position(own.end),
      children,
    };
  };
  for (const macro of snapshot.macros)
    if (macro.path === path) symbols.push(toSymbol(macro.name, macro.kind, 'macro', macro.span, macro.span, []));
  for (const node of nodesInFile(snapshot, path)) {
    const reading = readSql(snapshot, node.id);
    if (reading === undefined || reading.text.path !== path) continue;
    const { query, resolution, map } = reading;
    const columnsOf = (columns: (typeof resolution)['columns']): readonly FileSymbol[] =>
      columns.flatMap((column) => {
        if (column.span === undefined || column.isStar || column.expression === undefined) return [];
        const span = map.locateSpan(column.span);
        const type = showType(column.type, snapshot.project.dialect);
        return [toSymbol(column.name, type === 'unknown' ? '' : type, 'column', span, span, [])];
      });
    for (const cte of query.ctes) {
      const own = map.locateSpan(cte.name.span);
      symbols.push(
        toSymbol(cte.name.text, 'CTE', 'cte', map.locateSpan(cte.span), own, columnsOf(resolution.ctes.get(cte)?.columns ?? [])),
      );
    }
    const body = map.locateSpan(query.body.span);
    symbols.push(
      toSymbol(
        node.name,
        node.kind,
        'query',
        body,
        { start: body.start, end: Math.min(body.end, body.start + 6) },
        columnsOf(resolution.columns),
      ),
    );
  }
  return symbols;
}
