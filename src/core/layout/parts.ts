import { toCardSize, toRows } from './card-size.ts';
import type { ModelParts, Part } from './choose.ts';
import { growCards } from './grow.ts';
import { toLayer } from './layer.ts';
import { layout } from './layout.ts';
import type { Card, GraphView, Link, Picture } from './picture.ts';
import type { GraphIndex } from './project-graph.ts';
import { emptyCard } from './scene.ts';

/** The inside of a model as a graph: its CTEs, what they read, and its own query last. */
export function buildPartsPicture(index: GraphIndex, view: GraphView, id: string, found: ModelParts | undefined): Picture {
  const node = index.nodes.get(id);
  const name = node?.name ?? id;
  const title = `${name}: CTEs`;
  const empty = { title, cards: [], links: [], frames: [], headings: [], left: 0, top: 0, right: 0, bottom: 0 };
  if (node === undefined) return { ...empty, notes: [`The project has no node '${id}' any more.`] };
  if (found === undefined || found.parts.length === 0)
    return { ...empty, notes: [found?.problem ?? `The SQL of ${name} has no parts to show.`] };

  const at = new Map(found.parts.map((part, i) => [part.id, i]));
  const expanded = new Set(view.expanded);
  const growths = new Map<string, { width: number; height: number }>();
  const drafts = found.parts.map((part) => {
    const known = part.node === undefined ? undefined : index.nodes.get(part.node);
    const columns = part.columns.map((column) => ({ name: column, type: '' }));
    const open = expanded.has(toPartId(id, part)) && columns.length > 0;
    if (open) growths.set(toPartId(id, part), toCardSize(known?.name ?? part.name, part.kind, '', columns, 0));
    return {
      ...emptyCard,
      id: toPartId(id, part),
      kind: part.kind === 'relation' ? (known?.kind ?? 'relation') : part.kind,
      // What the SQL calls by its place in the warehouse has a shorter name in the project.
      name: known?.name ?? part.name,
      detail:
        part.kind === 'cte'
          ? `CTE${part.line === undefined ? '' : ` · line ${part.line}`}`
          : part.kind === 'query'
            ? 'final select'
            : (known?.kind ?? 'relation'),
      layer: known === undefined ? (part.kind === 'query' ? toLayer(node) : ('part' as const)) : toLayer(known),
      path: known?.path ?? node.path,
      canExpand: columns.length > 0,
      expanded: open,
      rows: open ? toRows(columns, () => false) : [],
      emphasis: part.kind === 'query' ? ('focus' as const) : ('plain' as const),
    };
  });
  const links: { readonly from: number; readonly to: number; readonly how: string }[] = [];
  found.parts.forEach((part, to) => {
    for (const read of part.reads) {
      const from = at.get(read.part);
      if (from !== undefined) links.push({ from, to, how: read.how });
    }
  });
  const made = growCards(
    layout({ cards: drafts.map((draft) => ({ id: draft.id, ...toCardSize(draft.name, draft.detail, '', undefined, 0) })), links }),
    growths,
  );
  const cards = drafts.map((draft, i): Card => {
    const { x, y, width, height } = made.cards[i]!;
    return { ...draft, x, y, width, height };
  });
  const drawn = links.map(
    (link, i): Link => ({
      from: link.from,
      to: link.to,
      route: made.routes[i]!,
      kind: 'flow',
      emphasis: 'plain',
      weight: 1,
      label: link.how === 'from' ? '' : link.how,
      detail: `${found.parts[link.from]!.name} → ${found.parts[link.to]!.name}: ${link.how}`,
    }),
  );
  const notes = found.problem === undefined ? [] : [found.problem];
  const anchor = cards.find((card) => card.kind === 'query')?.id;
  return {
    title,
    cards,
    links: drawn,
    frames: [],
    headings: [],
    notes,
    left: made.left,
    top: made.top,
    right: made.right,
    bottom: made.bottom,
    ...(anchor === undefined ? {} : { anchor }),
  };
}

/** Relations that are nodes keep the node's id, so that they can be opened like everywhere else. */
function toPartId(model: string, part: Part): string {
  return part.node ?? `part ${model} ${part.id}`;
}
