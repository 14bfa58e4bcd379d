import type { OutlineNode } from '../../protocol.ts';
import type { Found, Workspace } from '../workspace.ts';
/** What a command speaks of: a row of the tree, a file, a node's id, else the active editor, else what the user picks. */
export declare function findTarget(workspace: Workspace, given: unknown): Promise<Found | undefined>;
/** Lets the user choose among the nodes of every project. */
export declare function pickNode(workspace: Workspace, wanted: (node: OutlineNode) => boolean): Promise<Found | undefined>;
