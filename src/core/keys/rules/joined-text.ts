import type { Relation } from '../../sql/ir.ts';
import type { Span } from '../../text/span.ts';
import type { Leaf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import type { RuleInput } from './rule.ts';

/** The name of the column that numbers the rows of a relation in a question. */
export const rowColumn = 'hw_row';

/**
 * The FROM and WHERE of a SELECT as text, with the rows of some relations numbered in a column of their own; undefined where the text cannot
 * stand alone.
 */
export function joinedText(input: RuleInput, select: PlacedSelect, numbered: readonly Leaf[], withWhere = true): string | undefined {
  const { sql } = input.grain.reading;
  if (select.around.slice(1).some((query) => query.ctes.length > 0)) return undefined;
  const { from, where } = select.select;
  const [first] = from;
  const last = from[from.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const edits: { readonly span: Span; readonly text: string }[] = [];
  for (const leaf of numbered) {
    const text = numberedText(sql, leaf.relation, leaf.alias);
    if (text === undefined) return undefined;
    edits.push({ span: leaf.relation.span, text });
  }
  const joined = applyEdits(sql, { start: first.span.start, end: last.span.end }, edits);
  const filter = where === undefined || !withWhere ? '' : `\nwhere ${sql.slice(where.span.start, where.span.end)}`;
  return `from ${joined}${filter}`;
}

/** A relation whose rows are numbered, under the name that the query gives it. */
function numberedText(sql: string, relation: Relation, alias: string): string | undefined {
  if (alias.startsWith('?')) return undefined;
  const written = 'alias' in relation ? relation.alias : undefined;
  if (written !== undefined && written.columns.length > 0) return undefined;
  const name = written === undefined ? undefined : sql.slice(written.name.span.start, written.name.span.end);
  if (relation.kind === 'table') {
    const [first, last] = [relation.parts[0], relation.parts[relation.parts.length - 1]];
    if (first === undefined || last === undefined) return undefined;
    const table = sql.slice(first.span.start, last.span.end);
    return `(select hw_t.*, row_number() over () as ${rowColumn} from ${table} as hw_t) as ${name ?? sql.slice(last.span.start, last.span.end)}`;
  }
  if (relation.kind !== 'derived' || relation.lateral || name === undefined) return undefined;
  const query = sql.slice(relation.query.span.start, relation.query.span.end);
  return `(select hw_t.*, row_number() over () as ${rowColumn} from (${query.replace(/^\(([\s\S]*)\)$/, '$1')}) as hw_t) as ${name}`;
}

function applyEdits(sql: string, range: Span, edits: readonly { readonly span: Span; readonly text: string }[]): string {
  let text = '';
  let at = range.start;
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    text += sql.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return text + sql.slice(at, range.end);
}

/** The name of a leaf as the query writes it. */
export function writtenAlias(input: RuleInput, leaf: Leaf): string {
  const { relation } = leaf;
  const name = 'alias' in relation ? relation.alias?.name : undefined;
  const span = name?.span ?? (relation.kind === 'table' ? relation.parts[relation.parts.length - 1]?.span : undefined);
  return span === undefined ? leaf.alias : input.grain.reading.sql.slice(span.start, span.end);
}

/** What people call a relation of FROM: the table's or CTE's name, or its alias. */
export function nameOfLeaf(input: RuleInput, leaf: Leaf): string {
  const { relation } = leaf;
  if (relation.kind !== 'table') return writtenAlias(input, leaf);
  return relation.parts[relation.parts.length - 1]?.text ?? leaf.alias;
}

/** What a SELECT groups by, as text that can stand in its list; undefined where a position names no expression. */
export function groupTexts(input: RuleInput, { select, groups }: PlacedSelect): readonly string[] | undefined {
  const { sql, resolution } = input.grain.reading;
  const text = ({ span }: { readonly span: Span }): string => sql.slice(span.start, span.end);
  if (groups === undefined || select.groupByAll) return undefined;
  const texts: string[] = [];
  for (const grouping of select.groupBy) {
    if (grouping.kind !== 'expression') return undefined;
    const { expression } = grouping;
    const isPosition = expression.kind === 'literal' && expression.type === 'number';
    const name = expression.kind === 'column' && expression.parts.length === 1 ? expression.parts[0]?.text.toLowerCase() : undefined;
    const isAlias = expression.kind === 'column' && resolution.references.get(expression)?.kind !== 'column';
    const item = isPosition
      ? select.items[Number(expression.value) - 1]
      : isAlias
        ? select.items.find((one) => one.kind === 'item' && one.alias?.text.toLowerCase() === name)
        : undefined;
    if ((isPosition || isAlias) && item?.kind !== 'item') return undefined;
    texts.push(text(item?.kind === 'item' ? item.expression : expression));
  }
  return texts;
}
