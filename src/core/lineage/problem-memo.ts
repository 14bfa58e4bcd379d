import type { ProjectNode } from '../project/node.ts';
import type { SourceFile } from '../project/sources.ts';
import type { NodeText } from '../snapshot.ts';
import type { Steps } from '../text/gradually.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { sortProblems } from '../text/sort-problems.ts';
import { lineageProblems } from './lineage-problems.ts';
import type { NameFacts } from './name-problems.ts';
import { nameProblems } from './name-problems.ts';
import type { NodeLineage, ProjectLineage } from './project.ts';

interface Remembered {
  readonly lineage: NodeLineage;
  readonly node: ProjectNode | undefined;
  readonly text: NodeText | undefined;
  readonly file: SourceFile | undefined;
  readonly properties: SourceFile | undefined;
  readonly problems: readonly Problem[];
}

/** What is wrong with the SQL of nodes and with the names in it, looked for again only where something changed. */
export class ProblemMemo {
  #before = new Map<NodeId, Remembered>();
  #sorted: readonly Problem[] = [];
  #lineage: ProjectLineage | undefined;
  /** How often it was brought to a new state. */
  #times = 0;

  /**
   * In the order of paths and positions; the same array as before where nothing changed. `previous` is what the lineage was followed from,
   * where only texts of models differ. Between two steps others may ask, and what is left in the middle has changed nothing.
   */
  *problemsOf(
    facts: NameFacts,
    lineage: ProjectLineage,
    texts: ReadonlyMap<NodeId, NodeText>,
    previous: ProjectLineage | undefined,
  ): Steps<readonly Problem[]> {
    for (;;) {
      const asked = this.#times;
      const found = yield* this.#find(facts, lineage, texts, previous);
      if (asked !== this.#times) continue;
      this.#times++;
      this.#lineage = lineage;
      for (const [id, made] of found.made) this.#before.set(id, made);
      for (const id of found.forgotten) this.#before.delete(id);
      const { gone, added } = found;
      if (gone.size > 0 || added.length > 0)
        this.#sorted = sortProblems([...this.#sorted.filter((problem) => !gone.has(problem)), ...added]);
      return this.#sorted;
    }
  }

  *#find(
    facts: NameFacts,
    lineage: ProjectLineage,
    texts: ReadonlyMap<NodeId, NodeText>,
    previous: ProjectLineage | undefined,
  ): Steps<{
    readonly made: ReadonlyMap<NodeId, Remembered>;
    readonly forgotten: readonly NodeId[];
    readonly gone: ReadonlySet<Problem>;
    readonly added: readonly Problem[];
  }> {
    const changed = previous !== undefined && previous === this.#lineage ? lineage.changed : undefined;
    const { nodes, sources } = facts;
    const made = new Map<NodeId, Remembered>();
    const gone = new Set<Problem>();
    const added: Problem[] = [];
    const forgotten = changed === undefined ? [...this.#before.keys()].filter((id) => !lineage.nodes.has(id)) : [];
    for (const id of forgotten) for (const problem of this.#before.get(id)?.problems ?? []) gone.add(problem);
    for (const id of changed ?? lineage.nodes.keys()) {
      const known = lineage.nodes.get(id);
      if (known === undefined) continue;
      const node = nodes.get(id);
      const text = texts.get(id);
      const file = text === undefined ? undefined : sources.find(text.path);
      const properties = node?.patch === undefined ? undefined : sources.find(node.patch.path);
      const before = this.#before.get(id);
      if (
        before?.lineage === known &&
        before.node === node &&
        before.text === text &&
        before.file === file &&
        before.properties === properties
      )
        continue;
      for (const problem of before?.problems ?? []) gone.add(problem);
      const problems = [...lineageProblems(known, text, sources), ...nameProblems(facts, node, known, text)];
      added.push(...problems);
      made.set(id, { lineage: known, node, text, file, properties, problems });
      yield;
    }
    return { made, forgotten, gone, added };
  }
}
