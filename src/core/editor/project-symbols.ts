import { locateNode } from '../docs/definition.ts';
import { showNode } from '../docs/describe-column.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId, NodeKind } from '../text/ids.ts';
import type { Location } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** A thing of the project that can be gone to by its name. */
export interface ProjectSymbol {
  readonly name: string;
  readonly kind: NodeKind | 'macro' | 'column' | 'docs';
  /** What it belongs to: a package, or the relation of a column. */
  readonly container: string;
  /** For a column the file of its relation: where it is made is found when it is gone to. */
  readonly location: Location;
  readonly column?: { readonly node: NodeId; readonly name: string };
}

const most = 400;

/** The nodes, macros, docs blocks and columns whose names hold the letters of a query in order; columns only when two letters are given. */
export function findProjectSymbols(snapshot: Snapshot, query: string): readonly ProjectSymbol[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const found: ProjectSymbol[] = [];
  for (const node of snapshot.nodes.values()) {
    if (node.kind === 'test' || !holds(node.name.toLowerCase(), wanted)) continue;
    found.push({ name: showNode(snapshot, node.id), kind: node.kind, container: node.package, location: locateNode(snapshot, node) });
    if (found.length >= most) return found;
  }
  for (const macro of snapshot.macros) {
    if (macro.package === 'dbt' || !holds(macro.name.toLowerCase(), wanted)) continue;
    const location = new LineMap(macro.file).location(macro.path, macro.span);
    found.push({ name: macro.name, kind: 'macro', container: macro.package, location });
    if (found.length >= most) return found;
  }
  for (const block of snapshot.docs)
    if (holds(block.name.toLowerCase(), wanted)) {
      const at = { line: block.line, column: 1 };
      found.push({ name: block.name, kind: 'docs', container: block.package, location: { path: block.path, start: at, end: at } });
    }
  if (wanted.length < 2) return found;
  for (const [id, columns] of snapshot.columns) {
    const node = snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node)) continue;
    for (const column of columns) {
      if (found.length >= most) return found;
      if (!column.name.toLowerCase().includes(wanted)) continue;
      found.push({
        name: column.name,
        kind: 'column',
        container: showNode(snapshot, id),
        location: locateNode(snapshot, node),
        column: { node: id, name: column.name },
      });
    }
  }
  return found;
}

function holds(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
