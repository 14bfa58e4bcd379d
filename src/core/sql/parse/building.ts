import type { Query, Relation, Select, SelectItem } from '../ir.ts';

/** A SELECT made of items and relations that stand elsewhere in a statement. */
export function select(items: readonly SelectItem[], from: readonly Relation[]): Select {
  const span = {
    start: items[0]?.span.start ?? from[0]?.span.start ?? 0,
    end: items[items.length - 1]?.span.end ?? from[0]?.span.end ?? 0,
  };
  return { kind: 'select', distinct: false, items, from, groupBy: [], groupByAll: false, windows: [], span };
}

/** A query that is nothing but its body. */
export function toQuery(body: Query['body']): Query {
  return { kind: 'query', ctes: [], recursive: false, body, orderBy: [], span: body.span };
}

/** `select * from` a relation. */
export function selectFrom(relation: Relation): Query {
  return toQuery(select([{ kind: 'star', qualifier: [], except: [], replace: [], rename: [], span: relation.span }], [relation]));
}

/** A query that reads a relation without taking a value from it. */
export function selectNothing(relation: Relation): Query {
  return toQuery(select([], [relation]));
}
