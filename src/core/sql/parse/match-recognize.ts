import type { Expression, Name, OpaqueRelation, Query, Relation, SelectItem, SortKey } from '../ir.ts';
import { readAlias, readTableAlias } from './aliases.ts';
import { select, toQuery } from './building.ts';
import type { Cursor } from './cursor.ts';
import { readOrderBy } from './windows.ts';

/**
 * Reads MATCH_RECOGNIZE (…) behind a relation. Which rows it gives only an engine can tell; its columns are those of the partition and the
 * measures, or all columns and the measures where it gives every row of a match.
 */
export function readMatchRecognize(cursor: Cursor, input: Relation, start: number): OpaqueRelation {
  cursor.at++;
  const meaning = cursor.inBrackets(() => readInside(cursor, input));
  const alias = readTableAlias(cursor);
  const span = cursor.since(start);
  const reason = 'MATCH_RECOGNIZE finds patterns in rows';
  return {
    kind: 'opaque-relation',
    reason,
    text: cursor.slice(span),
    inputs: [input],
    meaning,
    ...(alias === undefined ? {} : { alias }),
    span,
  };
}

function readInside(cursor: Cursor, input: Relation): Query {
  const start = cursor.at;
  const partition: Expression[] = [];
  let orderBy: SortKey[] = [];
  const measures: SelectItem[] = [];
  const variables: Name[] = [];
  const conditions: Expression[] = [];
  let isEveryRow = false;
  while (!cursor.done) {
    if (cursor.take('partition', 'by'))
      do partition.push(cursor.grammar.expression(cursor));
      while (cursor.take(','));
    else if (cursor.is('order', 'by')) orderBy = readOrderBy(cursor);
    else if (cursor.take('measures'))
      do measures.push(readMeasure(cursor));
      while (cursor.take(','));
    else if (cursor.take('all', 'rows', 'per', 'match')) isEveryRow = true;
    else if (cursor.take('pattern')) readPattern(cursor, variables);
    else if (cursor.take('subset'))
      do {
        variables.push(cursor.name());
        cursor.expect('=');
        cursor.skipBrackets();
      } while (cursor.take(','));
    else if (cursor.take('define'))
      do {
        cursor.name();
        cursor.expect('as');
        conditions.push(cursor.grammar.expression(cursor));
      } while (cursor.take(','));
    else cursor.at++;
  }
  const span = cursor.since(start);
  const star: SelectItem = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span };
  const keys = partition.map((expression): SelectItem => ({ kind: 'item', expression, span: expression.span }));
  const [first] = conditions;
  const where: Expression | undefined =
    first === undefined || conditions.length === 1 ? first : { kind: 'operator', operator: 'and', operands: conditions, span };
  const windows =
    partition.length === 0 ? [] : [{ name: { text: '', quoted: true, span }, window: { partitionBy: partition, orderBy: [] } }];
  const body = select([...(isEveryRow ? [star] : keys), ...measures], [input]);
  return { ...toQuery({ ...body, variables, windows, ...(where === undefined ? {} : { where }), span }), orderBy };
}

/** `[final | running] expression AS name`. */
function readMeasure(cursor: Cursor): SelectItem {
  const start = cursor.at;
  if ((cursor.is('final') || cursor.is('running')) && cursor.isName(1)) cursor.at++;
  const expression = cursor.grammar.expression(cursor);
  const alias = readAlias(cursor);
  return { kind: 'item', expression, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) };
}

function readPattern(cursor: Cursor, variables: Name[]): void {
  if (!cursor.is('(')) return;
  const close = cursor.closing(cursor.at);
  const seen = new Set<string>();
  while (cursor.at < close) {
    if (cursor.isName() && !seen.has(cursor.peek().lower)) {
      seen.add(cursor.peek().lower);
      variables.push(cursor.name());
    } else cursor.at++;
  }
  cursor.at = Math.min(close + 1, cursor.end);
}
