import type { Snapshot } from '../snapshot.ts';
import type { ColumnExpression, JoinRelation, Name, Relation, Select, StarExpression, StarItem } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import type { NamePlace } from './places-of-name.ts';
import type { SqlReading } from './reading.ts';
import { readSql, toVerbatim } from './reading.ts';
import { partsAt } from './tree-path.ts';

/** Every place that names an alias of FROM: where it is given, and before the dots of its SELECT. Empty where the name is no alias. */
export function placesOfAlias(snapshot: Snapshot, first: SqlReading, name: string, span: Span): readonly NamePlace[] {
  const found = new Map<number, NamePlace>();
  const at = toVerbatim(first, span);
  if (at === undefined) return [];
  for (const reading of [first, readSql(snapshot, first.node.id, true)]) {
    const offset = reading === first ? span.start : reading?.map.outputOf(at.start);
    if (reading === undefined || offset === undefined) continue;
    const select = selectThatGives(reading, offset, name.toLowerCase());
    if (select === undefined) continue;
    const spans: Span[] = [];
    collect(reading, select, select, name.toLowerCase(), spans);
    for (const one of spans) {
      const place = toVerbatim(reading, one);
      if (place !== undefined) found.set(place.start, { path: reading.text.path, span: place });
    }
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

/** The names that other relations of the same SELECT go by. */
export function namesBeside(reading: SqlReading, name: string, span: Span): readonly string[] {
  const select = selectThatGives(reading, span.start, name.toLowerCase());
  const scope = select === undefined ? undefined : reading.resolution.scopes.get(select);
  return scope?.sources.map((source) => source.name) ?? [];
}

/** The nearest SELECT around a place whose FROM gives the alias in so many words. */
function selectThatGives(reading: SqlReading, offset: number, alias: string): Select | undefined {
  const around = partsAt(reading.query, offset).filter((part): part is Select & typeof part => part.kind === 'select');
  return around.findLast((select) => aliasesOf(select).some((name) => name.text.toLowerCase() === alias));
}

function aliasesOf(select: Select): readonly Name[] {
  const names: Name[] = [];
  const visit = (relation: Relation): void => {
    if (relation.kind === 'join') {
      const { left, right } = relation as JoinRelation;
      visit(left);
      visit(right);
    } else if (relation.alias !== undefined) names.push(relation.alias.name);
  };
  for (const relation of select.from) visit(relation);
  return names;
}

function collect(reading: SqlReading, part: object, owner: Select, alias: string, spans: Span[]): void {
  const { kind } = part as { readonly kind?: string };
  if (kind === 'select') {
    const own = aliasesOf(part as Select).filter((name) => name.text.toLowerCase() === alias);
    if (part === owner) spans.push(...own.map((name) => name.span));
    // A query inside that gives the name anew, or reads a relation of that name, does not see this one.
    else if (reading.resolution.scopes.get(part as Select)?.sources.some((source) => source.name.toLowerCase() === alias)) return;
  }
  const qualifiers =
    kind === 'column'
      ? (part as ColumnExpression).parts.slice(0, 1)
      : kind === 'star'
        ? (part as StarItem).qualifier
        : kind === 'all-columns'
          ? ((part as StarExpression).qualifier ?? [])
          : [];
  const [qualifier] = qualifiers;
  const isRow = kind === 'column' && (part as ColumnExpression).parts.length === 1;
  const reference = kind === 'column' ? reading.resolution.references.get(part as ColumnExpression) : undefined;
  if (qualifier?.text.toLowerCase() === alias && (!isRow || reference?.kind === 'row')) spans.push(qualifier.span);
  for (const value of Object.values(part)) if (typeof value === 'object' && value !== null) collect(reading, value, owner, alias, spans);
}
