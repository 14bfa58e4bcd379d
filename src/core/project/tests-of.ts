import type { NodeId } from '../text/ids.ts';
import type { Graph } from './graph.ts';
import type { ProjectNode } from './node.ts';

type Test = Extract<ProjectNode, { kind: 'test' | 'unit_test' }>;

/**
 * The nodes that a test is counted at, everywhere that tests are counted, shown or run by node: a unit test at its model, a generic test at
 * the node that declares it, and a singular test at all that it reads.
 */
export function testedBy(test: Test, graph: Graph): readonly NodeId[] {
  const on = test.kind === 'unit_test' ? test.model : test.attached;
  return on === undefined ? graph.parents(test.id) : [on];
}

/** The enabled tests of a node. */
export function testsOf(id: NodeId, nodes: ReadonlyMap<NodeId, ProjectNode>, graph: Graph): readonly Test[] {
  return graph.children(id).flatMap((child) => {
    const test = nodes.get(child);
    const isTest = test?.kind === 'test' || test?.kind === 'unit_test';
    return isTest && test.enabled && testedBy(test, graph).includes(id) ? [test] : [];
  });
}
