import type { Proof } from '../keys/row-key.ts';
import type { NodeId } from '../text/ids.ts';

/** What became of a node. */
export type ChangeClass = 'cosmetic' | 'additive' | 'rows' | 'values' | 'schema' | 'grain' | 'unknown' | 'none';

/** A node that was added, removed or changed. */
export interface NodeChange {
  readonly id: NodeId;
  readonly change: 'added' | 'removed' | 'changed';
  readonly class: ChangeClass;
  readonly columns: readonly { readonly name: string; readonly class: 'added' | 'removed' | 'type' | 'values' }[];
  readonly because: readonly Proof[];
}

/** A node downstream whose columns may be others now. */
export interface AffectedNode {
  readonly id: NodeId;
  readonly columns: readonly string[];
  /** Whether every step of the way is known exactly. */
  readonly certain: boolean;
  /** From the node that changed to this one. */
  readonly path: readonly NodeId[];
}
