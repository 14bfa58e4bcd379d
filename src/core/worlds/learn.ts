import { readSqlOnce, toVerbatim } from '../docs/reading.ts';
import { declarationsOf } from '../keys/declared-keys.ts';
import type { ProjectNode, TestNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { LineMap } from '../text/span.ts';
import type { Demands, Origin, Wish } from './demand.ts';
import { demandsOfText, type Found, kindOfType } from './demands-of-text.ts';
import { PullBack } from './pull-back.ts';

/** The sources that a selection reads and that have no rows here. */
export function relationsWithoutRows(snapshot: Snapshot, selected: ReadonlySet<NodeId>): readonly NodeId[] {
  const needed = new Set<NodeId>();
  for (const id of selected) for (const one of [id, ...snapshot.graph.ancestors(id)]) needed.add(one);
  return [...needed].sort().filter((id) => {
    const node = snapshot.nodes.get(id);
    return node?.kind === 'source' && node.enabled && node.data === undefined;
  });
}

/** Everything that types, tests, and the SQL downstream want of some relations. */
export function learn(snapshot: Snapshot, wanted: ReadonlySet<NodeId>): Demands {
  const back = new PullBack(snapshot, wanted);
  const found: Found = { wishes: [], pairs: [], scenarios: [] };
  const keys: Demands['keys'][number][] = [];
  for (const id of wanted) found.wishes.push(...ofColumns(snapshot.nodes.get(id)));
  const below = new Set([...wanted].flatMap((id) => [...snapshot.graph.descendants(id)]));
  for (const id of snapshot.lineage.order) {
    const node = snapshot.nodes.get(id);
    if (!below.has(id) || node === undefined || !(node.kind === 'model' || node.kind === 'snapshot' || node.kind === 'analysis')) continue;
    const reading = readSqlOnce(snapshot, id);
    if (reading === undefined) continue;
    const lines = new LineMap(snapshot.sources.find(reading.text.path)?.text ?? '');
    const originOf = ({ span }: { readonly span: { readonly start: number; readonly end: number } }): Origin => {
      const place = toVerbatim(reading, span) ?? reading.map.locateSpan({ start: span.start, end: span.start + 1 });
      return {
        text: reading.sql.slice(span.start, Math.min(span.end, span.start + 80)).replace(/\s+/g, ' '),
        path: reading.text.path,
        line: lines.position(place.start).line,
      };
    };
    demandsOfText(reading, back, originOf, found);
  }
  for (const node of snapshot.nodes.values()) if (node.kind === 'test' && node.enabled) ofTest(node, snapshot, back, found);
  for (const [id, list] of declarationsOf(snapshot).keys)
    for (const key of list) {
      const columns = key.columns.map((column) => back.of(id, column));
      const [first] = columns[0] ?? [];
      if (first === undefined || columns.some((ids) => ids.length !== 1 || ids[0]?.node !== first.node)) continue;
      const because = key.because[0] ?? { text: 'a declared key' };
      keys.push({ node: first.node, columns: columns.map((ids) => ids[0]?.column ?? ''), because });
    }
  return { ...found, keys };
}

/** What the properties of a source say of its columns. */
function ofColumns(node: ProjectNode | undefined): readonly Wish[] {
  if (node === undefined) return [];
  return node.columns.flatMap((column): Wish[] => {
    const at = { node: node.id, column: column.name.replace(/^["`[]|["`\]]$/g, '').toLowerCase() };
    const type = column.type === undefined ? undefined : kindOfType(column.type);
    const because: Origin = { text: `type ${column.type ?? ''}`, path: column.from.path, line: column.from.line };
    return type === undefined ? [] : [{ at, what: { kind: 'is', type, weight: 20 }, because }];
  });
}

/** What a test wants of the columns without rows that the tested column has its values from. */
function ofTest(test: TestNode, snapshot: Snapshot, back: PullBack, found: Found): void {
  const { generic, attached } = test;
  if (generic === undefined || attached === undefined) return;
  const macro = generic.macro.split('.').at(-1) ?? generic.macro;
  const column = generic.column ?? (typeof generic.arguments.column_name === 'string' ? generic.arguments.column_name : undefined);
  const because: Origin = { text: `${macro} test of ${snapshot.nodes.get(attached)?.name ?? attached}`, path: test.path };
  const targets = column === undefined ? [] : back.of(attached, column);
  const wish = (what: Wish['what']): void => {
    for (const at of targets) found.wishes.push({ at, what, because });
  };
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  switch (macro) {
    case 'unique':
    case 'expect_column_values_to_be_unique':
      wish({ kind: 'unique' });
      return;
    case 'not_null':
    case 'expect_column_values_to_not_be_null':
      wish({ kind: 'not-null' });
      return;
    case 'accepted_values':
    case 'expect_column_values_to_be_in_set':
    case 'expect_column_distinct_values_to_be_in_set':
      wish({ kind: 'only', values: list(generic.arguments.values ?? generic.arguments.value_set) });
      return;
    case 'accepted_range':
    case 'expect_column_values_to_be_between': {
      const [low, high] = [number(generic.arguments.min_value), number(generic.arguments.max_value)];
      wish({ kind: 'range', ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) });
      return;
    }
    case 'relationships':
    case 'relationships_where': {
      const field = generic.arguments.field;
      const parents = snapshot.graph.parents(test.id).filter((id) => id !== attached);
      const to = parents[0] ?? attached;
      if (typeof field !== 'string') return;
      for (const left of targets) for (const right of back.of(to, field)) found.pairs.push([left, right]);
      return;
    }
    default:
  }
}
