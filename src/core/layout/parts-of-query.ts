import type { Expression, Name, Query, QueryBody, Relation } from '../sql/ir.ts';
import type { LineMap } from '../text/span.ts';
import type { ModelParts, Part } from './choose.ts';

/** What a reader is told about a query's inside: which node a relation is, and the lines of the text. */
export interface PartNames {
  readonly nodeOf?: (parts: readonly string[]) => string | undefined;
  readonly lines?: LineMap;
}

interface Read {
  readonly part: string;
  readonly how: string;
}

/** The CTEs of a model's query, what each reads and how, and the query itself last. */
export function toModelParts(query: Query, name: string, names: PartNames = {}): ModelParts {
  const parts: Part[] = [];
  const relations = new Map<string, Part>();
  const visible = new Map<string, string>();

  const addRelation = (path: readonly Name[]): string => {
    const texts = path.map((part) => part.text);
    const name = texts.join('.');
    const id = `relation ${name.toLowerCase()}`;
    if (!relations.has(id)) {
      const node = names.nodeOf?.(texts);
      relations.set(id, { id, name, kind: 'relation', ...(node === undefined ? {} : { node }), columns: [], reads: [] });
    }
    return id;
  };
  const collect = (from: Query, scope: ReadonlyMap<string, string>): Read[] => {
    const reads = new Map<string, Read>();
    const add = (read: Read): void => {
      const known = reads.get(read.part);
      // A relation read twice is joined once at least: that is what a reader wants to know.
      if (known === undefined || known.how === 'from') reads.set(read.part, read);
    };
    readQuery(from, scope, (path, how, within) => {
      const single = path.length === 1 ? within.get(path[0]!.text.toLowerCase()) : undefined;
      add({ part: single ?? addRelation(path), how });
    });
    return [...reads.values()];
  };

  const addCtes = (of: Query): void => {
    for (const cte of of.ctes) {
      // CTEs inside CTEs are parts as well; a name used twice is told apart by its place.
      addCtes(cte.query);
      const key = cte.name.text.toLowerCase();
      const id = `cte ${key}${parts.some((part) => part.id === `cte ${key}`) ? ` ${parts.length + 1}` : ''}`;
      const line = names.lines?.position(cte.span.start).line;
      if (of.recursive) visible.set(key, id);
      const reads = collect({ ...cte.query, ctes: [] }, visible).filter((read) => read.part !== id);
      visible.set(key, id);
      parts.push({
        id,
        name: cte.name.text,
        kind: 'cte',
        columns: toColumns(cte.query, cte.columns),
        reads,
        ...(line === undefined ? {} : { line }),
      });
    }
  };
  addCtes(query);
  const own = collect({ ...query, ctes: [] }, visible);
  parts.push({ id: 'query', name, kind: 'query', columns: toColumns(query, []), reads: own });
  return { parts: [...relations.values(), ...parts] };
}

type Visit = (path: readonly Name[], how: string, scope: ReadonlyMap<string, string>) => void;

function readQuery(query: Query, scope: ReadonlyMap<string, string>, visit: Visit): void {
  for (const cte of query.ctes) readQuery(cte.query, scope, visit);
  readBody(query.body, scope, visit, 'from');
}

function readBody(body: QueryBody, scope: ReadonlyMap<string, string>, visit: Visit, how: string): void {
  switch (body.kind) {
    case 'select':
      for (const relation of body.from) readRelation(relation, scope, visit, how);
      for (const item of body.items) if (item.kind === 'item') readExpression(item.expression, scope, visit);
      for (const expression of [body.where, body.having, body.qualify]) if (expression) readExpression(expression, scope, visit);
      return;
    case 'set': {
      const label = `${body.operator}${body.all ? ' all' : ''}`;
      for (const side of [body.left, body.right]) {
        for (const cte of side.ctes) readQuery(cte.query, scope, visit);
        readBody(side.body, scope, visit, label);
      }
      return;
    }
    case 'nested':
      readQuery(body.query, scope, visit);
      return;
    case 'values':
    case 'opaque-query':
      return;
  }
}

function readRelation(relation: Relation, scope: ReadonlyMap<string, string>, visit: Visit, how: string): void {
  switch (relation.kind) {
    case 'table':
      visit(relation.parts, how, scope);
      return;
    case 'join': {
      readRelation(relation.left, scope, visit, how);
      readRelation(relation.right, scope, visit, `${relation.type} join`);
      return;
    }
    case 'derived':
      readQuery(relation.query, scope, visit);
      return;
    case 'pivot':
    case 'unpivot':
      readRelation(relation.input, scope, visit, relation.kind);
      return;
    case 'opaque-relation':
      for (const input of relation.inputs) readRelation(input, scope, visit, how);
      return;
    case 'function':
      return;
  }
}

/** Finds subqueries in an expression, wherever it keeps them. */
function readExpression(expression: Expression, scope: ReadonlyMap<string, string>, visit: Visit): void {
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === 'object' && value !== null) {
      if ((value as { readonly kind?: unknown }).kind === 'query') readSubquery(value as Query, scope, visit);
      else for (const inner of Object.values(value)) walk(inner);
    }
  };
  walk(expression);
}

function readSubquery(query: Query, scope: ReadonlyMap<string, string>, visit: Visit): void {
  readQuery(query, scope, (path, _how, within) => visit(path, 'subquery', within));
}

/** The columns a query names itself; a star stays a star. */
function toColumns(query: Query, named: readonly Name[]): readonly string[] {
  if (named.length > 0) return named.map((name) => name.text);
  const { body } = query;
  if (body.kind === 'set') return toColumns(body.left, []);
  if (body.kind === 'nested') return toColumns(body.query, []);
  if (body.kind !== 'select') return [];
  return body.items.map((item) => {
    if (item.kind === 'star') return [...item.qualifier.map((name) => name.text), '*'].join('.');
    if (item.alias) return item.alias.text;
    return item.expression.kind === 'column' ? (item.expression.parts.at(-1)?.text ?? '?') : '?';
  });
}
