import type { CheckStatus } from '../../core/checks/result.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { LastResults, Outline, OutlineMacro, OutlineNode, ProjectKey } from '../../protocol.ts';

/** A row of the project view: everything that is not the lineage itself. */
export type ProjectRow = GroupRow | NodeRow | MacroRow;

export interface GroupRow {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly role: 'project' | 'tags' | 'tag' | 'exposures' | 'metrics' | 'macros' | 'tests' | 'tested' | 'analyses';
  readonly detail: string;
  readonly children: readonly ProjectRow[];
}

export interface NodeRow {
  readonly kind: 'node';
  readonly id: string;
  readonly outline: Outline;
  readonly node: OutlineNode;
  /** How a test ended when it last ran. */
  readonly status?: CheckStatus;
}

export interface MacroRow {
  readonly kind: 'macro';
  readonly id: string;
  readonly outline: Outline;
  readonly macro: OutlineMacro;
}

/** The project view of all projects: with one project its groups stand at the top. */
export function toProjectRows(outlines: readonly Outline[], results: (project: ProjectKey) => LastResults): readonly ProjectRow[] {
  const statusOf = ({ key }: Outline): ReadonlyMap<string, CheckStatus> => new Map(results(key));
  const [first, ...others] = outlines;
  if (first !== undefined && others.length === 0) return toGroups(first, statusOf(first));
  return outlines.map((outline) => {
    const id = `${outline.key.folder}#${outline.key.root}`;
    return { kind: 'group', id, label: outline.name, role: 'project', detail: '', children: toGroups(outline, statusOf(outline)) };
  });
}

function toGroups(outline: Outline, status: ReadonlyMap<string, CheckStatus>): readonly ProjectRow[] {
  const own = outline.nodes.filter((node) => node.package === outline.name);
  const of = (...kinds: readonly string[]): OutlineNode[] => own.filter((node) => kinds.includes(node.kind)).sort(byName);
  const base = `${outline.key.folder}#${outline.key.root}`;
  const group = (role: GroupRow['role'], label: string, children: readonly ProjectRow[], count = children.length): readonly GroupRow[] =>
    count === 0 ? [] : [{ kind: 'group', id: `${base}/${label}`, label, role, detail: String(count), children }];
  const rows = (name: string, nodes: readonly OutlineNode[]): readonly NodeRow[] =>
    nodes.map((node) => ({ kind: 'node', id: `${base}/${name}/${node.id}`, outline, node }));
  const tests = of('test', 'unit_test');
  return [
    ...group('tests', 'Tests', toTested(outline, tests, status, base), tests.length),
    ...group('exposures', 'Exposures', rows('Exposures', of('exposure'))),
    ...group('metrics', 'Metrics', rows('Metrics', of('metric', 'semantic_model', 'saved_query'))),
    ...group(
      'macros',
      'Macros',
      outline.macros.map((macro) => ({ kind: 'macro', id: `${base}/Macros/${macro.path}/${macro.name}`, outline, macro })),
    ),
    ...group('analyses', 'Analyses', rows('Analyses', of('analysis', 'operation'))),
    ...group('tags', 'Tags', toTags(own, base, rows)),
  ];
}

function toTags(
  nodes: readonly OutlineNode[],
  base: string,
  rows: (name: string, nodes: readonly OutlineNode[]) => readonly NodeRow[],
): readonly GroupRow[] {
  const tagged = nodes.filter((node) => node.kind !== 'test' && node.kind !== 'unit_test');
  const tags = [...new Set(tagged.flatMap((node) => node.tags))].sort();
  return tags.map((tag) => {
    const of = tagged.filter((node) => node.tags.includes(tag)).sort(byName);
    return {
      kind: 'group',
      id: `${base}/Tags/${tag}`,
      label: tag,
      role: 'tag',
      detail: String(of.length),
      children: rows(`Tags/${tag}`, of),
    };
  });
}

/** Tests below what they test, those that found something first. */
function toTested(
  outline: Outline,
  tests: readonly OutlineNode[],
  status: ReadonlyMap<string, CheckStatus>,
  base: string,
): readonly ProjectRow[] {
  const names = new Map<NodeId, string>(outline.nodes.map((node) => [node.id, node.name]));
  const groups = new Map<string, NodeRow[]>();
  for (const node of tests) {
    const label = (node.tested === undefined ? undefined : names.get(node.tested)) ?? '';
    const ended = status.get(node.id);
    const row: NodeRow = { kind: 'node', id: `${base}/Tests/${node.id}`, outline, node, ...(ended === undefined ? {} : { status: ended }) };
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([label, children]): readonly ProjectRow[] => {
      // A test of several relations, or of none, stands by itself.
      if (label === '') return children;
      const failed = children.filter((row) => isBad(row.status)).length;
      const ran = children.filter((row) => row.status !== undefined).length;
      const detail =
        ran === 0
          ? String(children.length)
          : failed === 0
            ? ran === children.length
              ? `✓ ${ran}`
              : `✓ ${ran} of ${children.length}`
            : `✗ ${failed} of ${children.length}`;
      return [{ kind: 'group', id: `${base}/Tests/${label}`, label, role: 'tested', detail, children: [...children].sort(worstFirst) }];
    });
}

function isBad(status: CheckStatus | undefined): boolean {
  return status === 'fail' || status === 'error' || status === 'warn';
}

function worstFirst(a: NodeRow, b: NodeRow): number {
  return Number(isBad(b.status)) - Number(isBad(a.status)) || byName(a.node, b.node);
}

function byName(a: OutlineNode, b: OutlineNode): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
