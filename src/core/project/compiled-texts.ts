import type { NodeText } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';

/** A node's text as dbt would run it, with what is wrong with it. */
export interface Compiled {
  readonly text: NodeText;
  readonly problems: readonly Problem[];
}

/** The texts of a project's nodes, each compiled when somebody asks for it. */
export class CompiledTexts implements ReadonlyMap<NodeId, NodeText> {
  constructor(private readonly compiled: ReadonlyMap<NodeId, () => Compiled>) {}

  /** What is wrong with any of them, which compiles them all. */
  problems(): readonly Problem[] {
    return [...this.compiled.values()].flatMap((compile) => compile().problems);
  }

  /** The same texts with some of them replaced. */
  with(changed: ReadonlyMap<NodeId, Compiled>): CompiledTexts {
    const next = new Map(this.compiled);
    for (const [id, compiled] of changed) next.set(id, () => compiled);
    return new CompiledTexts(next);
  }

  get size(): number {
    return this.compiled.size;
  }

  has(id: NodeId): boolean {
    return this.compiled.has(id);
  }

  get(id: NodeId): NodeText | undefined {
    return this.compiled.get(id)?.().text;
  }

  keys(): MapIterator<NodeId> {
    return this.compiled.keys();
  }

  *values(): MapIterator<NodeText> {
    for (const compile of this.compiled.values()) yield compile().text;
  }

  *entries(): MapIterator<[NodeId, NodeText]> {
    for (const [id, compile] of this.compiled) yield [id, compile().text];
  }

  [Symbol.iterator](): MapIterator<[NodeId, NodeText]> {
    return this.entries();
  }

  forEach(take: (text: NodeText, id: NodeId, map: ReadonlyMap<NodeId, NodeText>) => void): void {
    for (const [id, text] of this.entries()) take(text, id, this);
  }
}
