import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { isTest } from './run-tests.ts';

/** A change of one of these can change every node. */
const ofAll = /^(dbt_project|profiles|packages|dependencies|headwater|selectors)\.ya?ml$/;

/**
 * The tests that may end otherwise once these files have changed: those that the files declare, those at or below a node that they define,
 * describe or give rows to, and those whose SQL calls one of their macros. In the order of their ids.
 */
export function affectedTests(snapshot: Snapshot, paths: readonly string[]): readonly NodeId[] {
  const changed = new Set(paths);
  const whole = paths.some((path) => ofAll.test(path));
  const macros = new Set(snapshot.macros.filter((macro) => changed.has(macro.path)).map((macro) => macro.id));
  const calls = (node: ProjectNode): boolean =>
    snapshot.texts.get(node.id)?.rendering.macrosCalled.some((id) => macros.has(id)) === true ||
    (node.kind === 'test' && node.generic !== undefined && isCalled(node.generic.macro, macros));
  const found = new Set<NodeId>();
  for (const node of snapshot.nodes.values()) {
    if (!node.enabled || found.has(node.id)) continue;
    if (!whole && !touches(node, changed) && !(macros.size > 0 && calls(node))) continue;
    found.add(node.id);
    for (const below of snapshot.graph.descendants(node.id)) found.add(below);
  }
  return [...snapshot.nodes.values()].filter((node) => isTest(node) && node.enabled && found.has(node.id)).map((node) => node.id);
}

function touches(node: ProjectNode, changed: ReadonlySet<string>): boolean {
  if (changed.has(node.path) || (node.patch !== undefined && changed.has(node.patch.path))) return true;
  if (node.kind === 'source') return node.data !== undefined && changed.has(node.data.path);
  if (node.kind !== 'unit_test') return false;
  return [...node.given, node.expect].some(
    ({ fixture, format }) =>
      fixture !== undefined &&
      [...changed].some((path) => path.endsWith(`/${fixture.replace(/\.(csv|sql)$/, '')}.${format === 'sql' ? 'sql' : 'csv'}`)),
  );
}

function isCalled(name: string, macros: ReadonlySet<string>): boolean {
  const own = name.slice(name.lastIndexOf('.') + 1);
  return [...macros].some((id) => id.endsWith(`.test_${own}`));
}
