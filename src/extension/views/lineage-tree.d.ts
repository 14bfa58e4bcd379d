import type { DataTransfer, Disposable, TreeDataProvider, TreeDragAndDropController } from 'vscode';
import { TreeItem } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Found, Workspace } from '../workspace.ts';
import type { LineageItem } from './lineage-items.ts';
/** Sources, seeds and models in their folders; expanding a model shows its parents and children, as far as one likes. */
export declare class LineageTree implements TreeDataProvider<LineageItem>, TreeDragAndDropController<LineageItem>, Disposable {
  #private;
  private readonly workspace;
  private readonly edge;
  readonly dragMimeTypes: string[];
  readonly dropMimeTypes: string[];
  readonly onDidChangeTreeData: import('vscode').Event<undefined>;
  constructor(workspace: Workspace, edge: Edge);
  dispose(): void;
  getChildren(item?: LineageItem): Promise<LineageItem[]>;
  getParent(item: LineageItem): LineageItem | undefined;
  getTreeItem(item: LineageItem): TreeItem;
  handleDrag(items: readonly LineageItem[], transfer: DataTransfer): void;
  /** Shows a node in the tree and gives it the focus where asked. */
  reveal(found: Found, focus: boolean): Promise<void>;
}
