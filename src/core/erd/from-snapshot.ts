import type { DeclaredConstraint, ProjectNode, Provenance, TestNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Because, ErdFact, ErdSource } from './erd.ts';
import { findTable } from './find-table.ts';

/** What a Snapshot says of its entities: relations with their columns, and what tests, constraints and dictionaries state. */
export function toErdSource(snapshot: Snapshot): ErdSource {
  const relations = [...snapshot.nodes.values()].filter(isRelation).filter((node) => node.enabled);
  const entities = relations.map((node) => ({
    id: node.id,
    kind: node.kind,
    name: node.kind === 'source' ? node.identifier : node.name,
    path: node.path,
    description: node.description,
    folders: node.kind === 'source' ? [node.sourceName] : node.fqn.slice(1, -1),
    columns: (snapshot.columns.get(node.id) ?? []).map((column) => ({
      name: column.name,
      type: column.type,
      description: column.description,
      notNull: column.nullable === false,
    })),
  }));
  const facts: ErdFact[] = [];
  const resolve = (name: string): NodeId | undefined => findTable(relations, name);
  for (const node of relations) {
    for (const constraint of node.constraints) facts.push(...toConstraintFacts(node.id, constraint, constraint.columns, resolve));
    for (const column of node.columns)
      for (const constraint of column.constraints.filter((one) => !node.constraints.includes(one)))
        facts.push(...toConstraintFacts(node.id, constraint, constraint.columns.length > 0 ? constraint.columns : [column.name], resolve));
  }
  for (const node of snapshot.nodes.values()) if (node.kind === 'test' && node.enabled) facts.push(...toTestFacts(snapshot, node, resolve));
  return { entities, facts };
}

function toConstraintFacts(
  entity: NodeId,
  constraint: DeclaredConstraint,
  columns: readonly string[],
  resolve: (name: string) => NodeId | undefined,
): readonly ErdFact[] {
  const because = toBecause(constraint.from, constraint.kind.replace('_', ' '));
  const of = { entity, columns };
  switch (constraint.kind) {
    case 'primary_key':
      return [{ kind: 'primary-key', of, because }];
    case 'unique':
      return [{ kind: 'unique', of, because }];
    case 'not_null':
      return columns.map((column) => ({ kind: 'not-null', of: { entity, columns: [column] }, because }));
    case 'foreign_key': {
      const target = constraint.to === undefined ? undefined : resolve(constraint.to);
      return target === undefined
        ? []
        : [{ kind: 'reference', from: of, to: { entity: target, columns: constraint.toColumns ?? columns }, because }];
    }
    default:
      return [];
  }
}

function toBecause(from: Provenance, what: string): Because {
  const dictionary = from.kind === 'markdown' || from.kind === 'csv-header';
  const text = dictionary ? `${what} in the data dictionary` : `declared ${what}`;
  return { kind: dictionary ? 'dictionary' : 'constraint', text, path: from.path, line: from.line };
}

function toTestFacts(snapshot: Snapshot, test: TestNode, resolve: (name: string) => NodeId | undefined): readonly ErdFact[] {
  const entity = test.attached;
  const generic = test.generic;
  if (entity === undefined || generic === undefined) return [];
  // A test that looks at part of the rows says nothing of all of them.
  if (typeof test.config.where === 'string' && test.config.where !== '') return [];
  const macro = generic.macro.split('.').at(-1) ?? generic.macro;
  const place = test.span === undefined ? test.patch?.line : toLine(snapshot, test);
  const because: Because = {
    kind: 'test',
    text: `${macro} test`,
    path: test.path,
    ...(place === undefined ? {} : { line: place }),
  };
  const column = generic.column ?? asText(generic.arguments.column_name);
  switch (macro) {
    case 'unique':
      return column === undefined || !isName(column) ? [] : [{ kind: 'unique', of: { entity, columns: [column] }, because }];
    case 'not_null':
      return column === undefined ? [] : [{ kind: 'not-null', of: { entity, columns: [column] }, because }];
    case 'unique_combination_of_columns': {
      const columns = generic.arguments.combination_of_columns;
      return Array.isArray(columns) && columns.length > 0
        ? [{ kind: 'unique', of: { entity, columns: columns.map(String) }, because }]
        : [];
    }
    case 'expect_compound_columns_to_be_unique':
    case 'primary_key':
    case 'unique_key': {
      const columns = generic.arguments.column_list ?? generic.arguments.column_names ?? (column === undefined ? [] : [column]);
      if (!Array.isArray(columns) || columns.length === 0) return [];
      return [{ kind: macro === 'primary_key' ? 'primary-key' : 'unique', of: { entity, columns: columns.map(String) }, because }];
    }
    case 'expect_column_values_to_be_unique':
      return column === undefined || !isName(column) ? [] : [{ kind: 'unique', of: { entity, columns: [column] }, because }];
    case 'relationships':
    case 'relationships_where': {
      if (macro === 'relationships_where') return [];
      const to = asText(generic.arguments.to);
      const field = asText(generic.arguments.field);
      const target = to === undefined ? undefined : (findRef(snapshot, test, to, entity) ?? resolve(to));
      if (column === undefined || field === undefined || target === undefined) return [];
      return [{ kind: 'reference', from: { entity, columns: [column] }, to: { entity: target, columns: [field] }, because }];
    }
    default:
      return [];
  }
}

function toLine(snapshot: Snapshot, test: TestNode): number | undefined {
  const text = snapshot.sources.find(test.path)?.text;
  return text === undefined || test.span === undefined ? undefined : text.slice(0, test.span.start).split('\n').length;
}

/** The node behind `ref('x')` or `source('a', 'b')`: the test's parent of that name. */
function findRef(snapshot: Snapshot, test: TestNode, text: string, self: NodeId): NodeId | undefined {
  const names = [...text.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
  const last = names.at(-1)?.toLowerCase();
  if (last === undefined) return undefined;
  const parents = snapshot.graph.parents(test.id);
  const named = (id: NodeId): boolean => {
    const node = snapshot.nodes.get(id);
    return (
      node?.name.toLowerCase() === last &&
      (node.kind !== 'source' || names.length < 2 || node.sourceName.toLowerCase() === names[0]?.toLowerCase())
    );
  };
  return (
    parents.find((id) => id !== self && named(id)) ??
    parents.find(named) ??
    [...snapshot.nodes.keys()].find((id) => named(id) && isEntity(snapshot.nodes.get(id)))
  );
}

function isEntity(node: ProjectNode | undefined): boolean {
  return node !== undefined && isRelation(node) && node.enabled;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A column test may also stand on an expression, which is no key. */
function isName(text: string): boolean {
  return /^["`[]?[\w$ ]+["`\]]?$/.test(text) && !/[()+|]/.test(text);
}
