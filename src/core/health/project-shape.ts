import type { ModelNode, ProjectNode, SnapshotNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** The layers that dbt's style guide knows, with the folders and beginnings of names that tell of them. */
export const layers: Readonly<Record<string, { readonly folder: string; readonly prefixes: readonly string[] }>> = {
  base: { folder: 'base', prefixes: ['base_'] },
  staging: { folder: 'staging', prefixes: ['stg_'] },
  intermediate: { folder: 'intermediate', prefixes: ['int_'] },
  marts: { folder: 'marts', prefixes: ['fct_', 'dim_'] },
};

export type Layered = ModelNode | SnapshotNode;

/** A project as rules about its shape see it: its own nodes, and who reads whom, tests left out. */
export class ProjectShape {
  readonly own: readonly ProjectNode[];

  constructor(readonly snapshot: Snapshot) {
    this.own = [...snapshot.nodes.values()].filter((node) => node.enabled && node.package === snapshot.project.name);
  }

  ofKind<Kind extends ProjectNode['kind']>(kind: Kind): readonly Extract<ProjectNode, { kind: Kind }>[] {
    return this.own.filter((node): node is Extract<ProjectNode, { kind: Kind }> => node.kind === kind);
  }

  parents(id: NodeId): readonly ProjectNode[] {
    return this.#nodes(this.snapshot.graph.parents(id));
  }

  children(id: NodeId): readonly ProjectNode[] {
    return this.#nodes(this.snapshot.graph.children(id)).filter(({ kind }) => kind !== 'test' && kind !== 'unit_test');
  }

  /** The layer that a name says, else the deepest folder that is named like one; `other` where neither does. */
  layerOf(node: Layered): string {
    const prefix = `${node.name.split('_')[0]}_`;
    const named = Object.keys(layers).find((layer) => layers[layer]?.prefixes.includes(prefix));
    return named ?? this.folderLayerOf(node) ?? 'other';
  }

  folderLayerOf(node: Layered): string | undefined {
    const folders = node.path.split('/').slice(0, -1).reverse();
    for (const folder of folders) {
      const found = Object.keys(layers).find((layer) => layers[layer]?.folder === folder);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #nodes(ids: readonly NodeId[]): readonly ProjectNode[] {
    return [...new Set(ids)].flatMap((id) => {
      const node = this.snapshot.nodes.get(id);
      return node?.enabled ? [node] : [];
    });
  }
}

/** A node as people name it. */
export function nameOf(node: ProjectNode): string {
  if (node.kind === 'source') return `${node.sourceName}.${node.name}`;
  return node.kind === 'model' && node.version !== undefined ? `${node.name}.v${node.version}` : node.name;
}
