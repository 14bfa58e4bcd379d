import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { DeclaredLineageColumn, LineageNode, Resolved } from './project.ts';

/** Whether two lists are of the same nodes, whatever these hold. */
export function haveSameIds(a: readonly LineageNode[], b: readonly LineageNode[]): boolean {
  return a === b || (a.length === b.length && a.every((node, index) => node.id === b[index]?.id));
}

/** Whether two nodes are the same to lineage. */
export function areEqual(a: LineageNode, b: LineageNode): boolean {
  return (
    a.isComplete === b.isComplete &&
    a.isCut === b.isCut &&
    a.because?.join('\n') === b.because?.join('\n') &&
    haveSameEntries(a.names, b.names) &&
    a.snapshot?.updatedAt === b.snapshot?.updatedAt &&
    (a.snapshot === undefined) === (b.snapshot === undefined) &&
    a.sql.length === b.sql.length &&
    a.sql.every((text, index) => text === b.sql[index]) &&
    (a.declared === b.declared ||
      (a.declared.length === b.declared.length && a.declared.every((column, index) => isSameDeclared(column, b.declared[index]))))
  );
}

function haveSameEntries(a: LineageNode['names'], b: LineageNode['names']): boolean {
  return a === b || (a !== undefined && a.size === b?.size && [...a].every(([name, id]) => b.get(name) === id));
}

function isSameDeclared(a: DeclaredLineageColumn, b: DeclaredLineageColumn | undefined): boolean {
  return a.name === b?.name && a.type === b.type && a.nullable === b.nullable;
}

/** Whether the same columns are asked of the same nodes. */
export function areSameNames(a: Resolved['asked'], b: Resolved['asked']): boolean {
  if (a.size !== b.size) return false;
  for (const [id, names] of a) {
    const others = b.get(id);
    if (others?.length !== names.length || !names.every((name, index) => name === others[index])) return false;
  }
  return true;
}

/** Whether the columns known from use are those of before; one without inputs is no more than its name. */
export function areSameColumns(
  a: ReadonlyMap<string, ResolvedColumn> | undefined,
  b: ReadonlyMap<string, ResolvedColumn> | undefined,
): boolean {
  if (a === b) return true;
  if (a?.size !== b?.size || a === undefined || b === undefined) return false;
  const others = [...b.values()];
  let index = 0;
  for (const column of a.values()) {
    const other = others[index++];
    if (column !== other && !(column.name === other?.name && column.inputs.length === 0 && other.inputs.length === 0)) return false;
  }
  return true;
}
