import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** Reports which relation is being built, and how many of those that a question needs are done. */
export class BuildProgress {
  readonly #done = new Set<NodeId>();
  #all = 0;

  constructor(private readonly tell: (message: string) => void) {}

  /** Starts to count for a question about a node; of other SQL nobody knows yet what it needs. */
  start(snapshot: Snapshot, node: NodeId | undefined): void {
    this.#done.clear();
    this.#all = 0;
    if (node === undefined) return;
    for (const id of [node, ...snapshot.graph.ancestors(node)]) {
      const known = snapshot.nodes.get(id);
      if (known !== undefined && isRelation(known)) this.#all++;
    }
  }

  /** A relation is there, built now or before. */
  finish(id: NodeId): void {
    this.#done.add(id);
  }

  say(doing: string): void {
    const at = this.#done.size + 1;
    this.tell(at > this.#all || this.#all < 2 ? doing : `${doing} · ${at} of ${this.#all}`);
  }
}
