import type { ColumnDefinition, Name, Statement } from '../sql/ir.ts';
import type { DeclaredColumn, DeclaredConstraint, Provenance } from './node.ts';

/** What a CREATE TABLE declares. */
export interface DdlTable {
  readonly name: string;
  readonly columns: readonly DeclaredColumn[];
  readonly constraints: readonly DeclaredConstraint[];
  readonly comment: string;
}

/** The columns and constraints of a CREATE TABLE; a view or a CREATE TABLE AS has those that it names. */
export function toDdlTable(statement: Statement, from: Provenance, placeOf: (column: Name) => Provenance = () => from): DdlTable {
  const columns = statement.definitions.map((definition) => toColumn(definition, placeOf(definition.name)));
  const named = statement.targetColumns.filter((name) => !columns.some((column) => sameName(column.name, name.text)));
  const constraints: DeclaredConstraint[] = statement.constraints.map((constraint) => ({
    kind: constraint.kind === 'primary-key' ? 'primary_key' : constraint.kind === 'foreign-key' ? 'foreign_key' : 'unique',
    columns: constraint.columns.map((column) => column.text),
    ...(constraint.references && {
      to: lastPart(constraint.references.table),
      toColumns: constraint.references.columns.map((column) => column.text),
    }),
    from,
  }));
  return {
    name: lastPart(statement.target ?? []),
    columns: [...columns, ...named.map((name) => ({ name: name.text, tags: [], meta: {}, constraints: [], from: placeOf(name) }))],
    constraints: withoutRepeats([
      ...columns.flatMap((column) => column.constraints.filter((constraint) => constraint.kind !== 'not_null')),
      ...constraints,
    ]),
    comment: statement.comment ?? '',
  };
}

function toColumn(definition: ColumnDefinition, from: Provenance): DeclaredColumn {
  const columns = [definition.name.text];
  const constraints: DeclaredConstraint[] = [];
  if (definition.notNull) constraints.push({ kind: 'not_null', columns, from });
  if (definition.primaryKey) constraints.push({ kind: 'primary_key', columns, from });
  if (definition.unique) constraints.push({ kind: 'unique', columns, from });
  if (definition.references)
    constraints.push({
      kind: 'foreign_key',
      columns,
      to: lastPart(definition.references.table),
      toColumns: definition.references.columns.map((column) => column.text),
      from,
    });
  return {
    name: definition.name.text,
    ...(definition.type !== undefined && { type: definition.type }),
    ...(definition.comment !== undefined && { description: definition.comment, descriptionFrom: { ...from, kind: 'ddl' } }),
    quoted: definition.name.quoted,
    tags: [],
    meta: {},
    constraints,
    from,
  };
}

function lastPart(parts: readonly Name[]): string {
  return parts.at(-1)?.text ?? '';
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The parser hands some constraints of columns over as constraints of the table too. */
function withoutRepeats(constraints: readonly DeclaredConstraint[]): readonly DeclaredConstraint[] {
  const found = new Map<string, DeclaredConstraint>();
  for (const constraint of constraints) {
    const key = [constraint.kind, constraint.to, ...constraint.columns].join('\0').toLowerCase();
    if (!found.has(key)) found.set(key, constraint);
  }
  return [...found.values()];
}
