import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Problem, ProblemCode } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { ProjectShape } from './project-shape.ts';
import { shapeRules } from './shape-rules.ts';

/** What the rules about the shape of a project say, each at the file of the node that it is about. */
export function checkHealth(snapshot: Snapshot): readonly Problem[] {
  if (snapshot.project.kind !== 'dbt') return [];
  const shape = new ProjectShape(snapshot);
  return shapeRules.flatMap((rule) =>
    rule
      .find(shape, rule.threshold ?? 0)
      .map(({ node, message }) => toProblem(rule.code as ProblemCode, `${message} ${rule.advice}`, placeOf(node))),
  );
}

function placeOf(node: ProjectNode) {
  const isInYaml = node.kind === 'source' || node.kind === 'exposure';
  const start = { line: isInYaml ? (node.patch?.line ?? 1) : 1, column: 1 };
  return { path: node.path, start, end: start };
}
