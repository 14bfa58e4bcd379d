import { toCode, toName } from '../docs/markdown.ts';
import { nodesInFile, readSql, toVerbatim } from '../docs/reading.ts';
import { visitTree } from '../docs/tree-path.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Expression, Query } from '../sql/ir.ts';
import { showType } from '../sql/types.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findStars } from './star-columns.ts';

/** A few words beside SQL that is written short. */
export interface InlayText {
  readonly at: Position;
  readonly kind: 'star' | 'ordinal';
  readonly text: string;
  readonly tooltip: string;
  /** What may be written instead. */
  readonly edit?: { readonly location: Location; readonly text: string };
}

/** How many columns each `*` stands for, and which column a position in GROUP BY or ORDER BY means. */
export function findInlayTexts(snapshot: Snapshot, path: string): readonly InlayText[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined || !/\.sql$/i.test(path)) return [];
  const lines = new LineMap(text);
  const found = new Map<number, InlayText>();
  for (const node of nodesInFile(snapshot, path)) {
    const reading = readSql(snapshot, node.id);
    if (reading === undefined || reading.text.path !== path) continue;
    for (const { span, columns, isOpen, expansion } of findStars(reading, snapshot.project.dialect)) {
      const known = columns.filter((column) => !column.isStar);
      if (known.length === 0) continue;
      const many = `${known.length} column${known.length === 1 ? '' : 's'}`;
      const listed = known.slice(0, 30).map((column) => {
        const type = showType(column.type, snapshot.project.dialect);
        return `- ${toCode(column.name)}${type === 'unknown' ? '' : ` ${toName(type.toLowerCase())}`}`;
      });
      const rest = known.length > 30 ? `\n- …and ${known.length - 30} more` : '';
      found.set(span.end, {
        at: lines.position(span.end),
        kind: 'star',
        text: isOpen ? `at least ${many}` : many,
        tooltip: `${listed.join('\n')}${rest}`,
        ...(expansion === undefined ? {} : { edit: { location: lines.location(path, span), text: expansion } }),
      });
    }
    visitTree(reading.query, (part) => {
      if (part.kind !== 'query') return;
      const query = part as Query;
      const result = reading.resolution.results.get(query)?.columns ?? [];
      for (const expression of ordinalsOf(query)) {
        if (expression.kind !== 'literal' || expression.type !== 'number' || !/^\d+$/.test(expression.value)) continue;
        const column = result[Number(expression.value) - 1];
        const span = toVerbatim(reading, expression.span);
        // Behind a star of unknown columns nobody can count.
        if (column === undefined || span === undefined || result.slice(0, Number(expression.value)).some((one) => one.isStar)) continue;
        const type = showType(column.type, snapshot.project.dialect);
        found.set(span.end, {
          at: lines.position(span.end),
          kind: 'ordinal',
          text: column.name,
          tooltip: `Column ${expression.value} of the SELECT list${type === 'unknown' ? '' : `, ${toCode(type.toLowerCase())}`}.`,
        });
      }
    });
  }
  return [...found].sort(([a], [b]) => a - b).map(([, hint]) => hint);
}

function ordinalsOf(query: Query): readonly Expression[] {
  const grouped =
    query.body.kind === 'select'
      ? query.body.groupBy.flatMap((grouping) => (grouping.kind === 'expression' ? [grouping.expression] : grouping.sets.flat()))
      : [];
  return [...grouped, ...query.orderBy.map((key) => key.expression)];
}
