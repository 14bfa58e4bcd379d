import type { NodeId } from '../../core/text/ids.ts';
import type { Outline, OutlineNode } from '../../protocol.ts';
/** A row of the lineage tree. */
export type LineageItem = ProjectItem | FolderItem | NodeItem;
export interface ProjectItem {
  readonly kind: 'project';
  readonly id: string;
  readonly parent: undefined;
  readonly outline: Outline;
  readonly label: string;
  children: readonly LineageItem[];
}
export interface FolderItem {
  readonly kind: 'folder';
  readonly id: string;
  readonly parent: LineageItem | undefined;
  readonly label: string;
  /** What it gathers: sources, seeds, a folder of models. */
  readonly role: 'sources' | 'source' | 'seeds' | 'models' | 'folder' | 'snapshots' | 'exposures' | 'metrics' | 'packages' | 'package';
  readonly count: number;
  children: readonly LineageItem[];
}
/** A node in its folder, or as the parent or child of the node above it. */
export interface NodeItem {
  readonly kind: 'node';
  readonly id: string;
  readonly parent: LineageItem | undefined;
  readonly outline: Outline;
  readonly node: OutlineNode;
  readonly relation: 'self' | 'parent' | 'child';
}
/** The tree of all projects: with one project its groups stand at the top. */
export declare function toLineageItems(outlines: readonly Outline[]): readonly LineageItem[];
/** The item of a node in its folder, or undefined when no tree shows it. */
export declare function findItem(items: readonly LineageItem[], id: NodeId, folder: string, root: string): NodeItem | undefined;
/** Parents first, then children; each can be expanded further in its own direction. */
export declare function toRelatives(item: NodeItem): readonly NodeItem[];
/** The children (`from` this node) or parents (edges that lead `to` it) of a node, each once. */
export declare function neighbours(outline: Outline, id: NodeId, end: 'from' | 'to'): readonly NodeId[];
