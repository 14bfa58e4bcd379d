import type { ProjectNode } from '../project/node.ts';
import type { SourceFile } from '../project/sources.ts';
import type { NodeText } from '../snapshot.ts';
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

  /** In the order of paths and positions; the same array as before where nothing changed. `previous` is what the lineage was followed from, where only texts of models differ. */
  problemsOf(
    facts: NameFacts,
    lineage: ProjectLineage,
    texts: ReadonlyMap<NodeId, NodeText>,
    previous: ProjectLineage | undefined,
  ): readonly Problem[] {
    const changed = previous !== undefined && previous === this.#lineage ? lineage.changed : undefined;
    this.#lineage = lineage;
    const { nodes, sources } = facts;
    const gone = new Set<Problem>();
    const added: Problem[] = [];
    if (changed === undefined) this.#forget(lineage, gone);
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
      this.#before.set(id, { lineage: known, node, text, file, properties, problems });
    }
    if (gone.size > 0 || added.length > 0) this.#sorted = sortProblems([...this.#sorted.filter((problem) => !gone.has(problem)), ...added]);
    return this.#sorted;
  }

  #forget(lineage: ProjectLineage, gone: Set<Problem>): void {
    for (const [id, { problems }] of this.#before)
      if (!lineage.nodes.has(id)) {
        for (const problem of problems) gone.add(problem);
        this.#before.delete(id);
      }
  }
}
