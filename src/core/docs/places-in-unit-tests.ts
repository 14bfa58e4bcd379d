import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { ProjectNode, UnitTestNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Span } from '../text/span.ts';
import { nodeOfCall } from './yaml-meaning.ts';
import { readYamlTree } from './yaml-place.ts';

/** Where unit tests name a column in the header of CSV rows, and what they name it in that cannot be changed. */
export interface UnitTestPlaces {
  readonly places: readonly { readonly path: string; readonly span: Span }[];
  readonly obstacles: readonly string[];
}

/** The places in the rows of unit tests, given as text, that name a column of a node; rows given as mappings are names like any other. */
export function placesInUnitTests(snapshot: Snapshot, node: ProjectNode, column: string): UnitTestPlaces {
  const places: { path: string; span: Span }[] = [];
  const obstacles: string[] = [];
  for (const test of snapshot.nodes.values()) {
    if (test.kind !== 'unit_test' || test.package !== snapshot.project.name) continue;
    const text = snapshot.sources.find(test.path)?.text;
    if (text === undefined || !/\.ya?ml$/i.test(test.path)) continue;
    for (const side of sidesOf(snapshot, test, text)) {
      if (side.owner !== node.id) continue;
      const rows: unknown = side.map.get('rows', true);
      const fixture: unknown = side.map.get('fixture');
      const where = `the unit test ${test.name} gives rows of ${node.name}`;
      if (typeof fixture === 'string' && fixtureNames(snapshot, fixture, column))
        obstacles.push(`In the fixture '${fixture}' ${where}: change '${column}' there first.`);
      if (!isScalar(rows) || typeof rows.value !== 'string') continue;
      if (side.map.get('format') === 'sql') {
        if (wordOf(column).test(rows.value)) obstacles.push(`In SQL ${where}, where '${column}' is not changed.`);
        continue;
      }
      const span = inHeader(text, rows.range?.[0] ?? 0, rows.range?.[1] ?? 0, column);
      if (span !== undefined) places.push({ path: test.path, span });
    }
  }
  return { places, obstacles };
}

function wordOf(column: string): RegExp {
  return new RegExp(`(?<!\\w)${column.replace(/\W/g, '\\$&')}(?!\\w)`, 'i');
}

function fixtureNames(snapshot: Snapshot, fixture: string, column: string): boolean {
  return snapshot.sources.below('', '.csv', '.sql').some((path) => {
    const name = path.split('/').at(-1) ?? '';
    return (name === `${fixture}.csv` || name === `${fixture}.sql`) && wordOf(column).test(snapshot.sources.find(path)?.text ?? '');
  });
}

function sidesOf(
  snapshot: Snapshot,
  test: UnitTestNode,
  text: string,
): readonly { readonly map: YAMLMap; readonly owner: NodeId | undefined }[] {
  const list: unknown = readYamlTree(text).get('unit_tests');
  const entry = isSeq(list) ? list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === test.name) : undefined;
  if (entry === undefined) return [];
  const sides: { map: YAMLMap; owner: NodeId | undefined }[] = [];
  const expected: unknown = entry.get('expect');
  if (isMap(expected)) sides.push({ map: expected, owner: test.model });
  const given: unknown = entry.get('given');
  for (const item of isSeq(given) ? given.items : []) {
    const input: unknown = isMap(item) ? item.get('input') : undefined;
    if (!isMap(item) || typeof input !== 'string') continue;
    sides.push({ map: item, owner: input === 'this' ? test.model : nodeOfCall(snapshot, input, test.package)?.id });
  }
  return sides;
}

/** The column's name in the first line of CSV that stands in a YAML scalar. */
function inHeader(text: string, start: number, end: number, column: string): Span | undefined {
  let at = start;
  // The line of a block's mark is no row.
  if (/[|>]/.test(text[at] ?? '')) at = text.indexOf('\n', at) + 1;
  while (at < end && /\s/.test(text[at] ?? '')) at++;
  const line = text.slice(at, end).split('\n', 1)[0] ?? '';
  let offset = at;
  for (const cell of line.split(',')) {
    const inner = cell.search(/[^\s"']/);
    const name = cell.replace(/["']/g, '').trim();
    if (inner !== -1 && name.toLowerCase() === column.toLowerCase()) return { start: offset + inner, end: offset + inner + name.length };
    offset += cell.length + 1;
  }
  return undefined;
}
