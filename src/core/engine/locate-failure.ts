import type { Expression, Query, Relation, Select } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import { starOf } from './relation-names.ts';

/** How many parts of a query are tried, at most, to find the one that fails. */
const mostTries = 80;

/** The smallest part of a query that fails when it is run by itself, as far as parts can be run so. */
export async function locateFailure(query: Query, fails: (part: Query) => Promise<boolean>): Promise<Span> {
  let tries = 0;
  const failing = async (part: Query): Promise<boolean> => ++tries <= mostTries && (await fails(part));
  return inQuery(query, 0, failing);
}

type Failing = (part: Query) => Promise<boolean>;

/** `known` CTEs at the beginning are those around it, which do not fail. */
async function inQuery(query: Query, known: number, failing: Failing): Promise<Span> {
  for (let at = known; at < query.ctes.length; at++) {
    const cte = query.ctes[at];
    if (cte === undefined || cte.recursive === true) continue;
    const upTo = { ...starOf(cte.name), ctes: query.ctes.slice(0, at + 1), recursive: query.recursive };
    if (await failing(upTo)) return inQuery(within(query, cte.query, at), at, failing);
  }
  const all = query.ctes.length;
  const { body } = query;
  if (body.kind === 'nested') return inQuery(within(query, body.query, all), all, failing);
  if (body.kind === 'set') {
    for (const side of [body.left, body.right]) {
      const part = within(query, side, all);
      if (await failing(part)) return inQuery(part, all, failing);
    }
    return query.span;
  }
  return body.kind === 'select' ? inSelect(query, body, failing) : query.span;
}

async function inSelect(query: Query, body: Select, failing: Failing): Promise<Span> {
  const { where, having: _having, qualify: _qualify, ...rest } = body;
  const { limit: _limit, offset: _offset, ...open } = { ...query, orderBy: [] };
  const one = { kind: 'literal', type: 'number', value: '1', span: body.span } as const;
  const bare: Select = {
    ...rest,
    items: [{ kind: 'item', expression: one, span: body.span }],
    distinct: false,
    groupBy: [],
    groupByAll: false,
  };
  if (await failing({ ...open, body: { ...bare, ...(where === undefined ? {} : { where }) } })) {
    if (!(await failing({ ...open, body: bare }))) {
      for (const part of conjuncts(where)) if (await failing({ ...open, body: { ...bare, where: part } })) return part.span;
      return where?.span ?? body.span;
    }
    const [first] = body.from;
    const inside = await inDerived(query, body, failing);
    if (inside !== undefined) return inside;
    return first === undefined ? body.span : { start: first.span.start, end: body.from.at(-1)?.span.end ?? first.span.end };
  }
  for (const item of body.items)
    if (item.kind === 'item' && (await failing({ ...open, body: { ...body, items: [item], distinct: false } })))
      return item.expression.span;
  return (await inDerived(query, body, failing)) ?? query.span;
}

async function inDerived(query: Query, body: Select, failing: Failing): Promise<Span | undefined> {
  for (const derived of body.from.flatMap(derivedIn)) {
    const part = within(query, derived, query.ctes.length);
    if (await failing(part)) return inQuery(part, query.ctes.length, failing);
  }
  return undefined;
}

/** A query inside another, with the CTEs that it may name. */
function within(outer: Query, inner: Query, until: number): Query {
  return { ...inner, ctes: [...outer.ctes.slice(0, until), ...inner.ctes], recursive: outer.recursive || inner.recursive };
}

function conjuncts(where: Expression | undefined): readonly Expression[] {
  if (where === undefined) return [];
  return where.kind === 'operator' && where.operator === 'and' ? where.operands : [where];
}

function derivedIn(relation: Relation): readonly Query[] {
  if (relation.kind === 'derived') return [relation.query];
  return relation.kind === 'join' ? [...derivedIn(relation.left), ...derivedIn(relation.right)] : [];
}
