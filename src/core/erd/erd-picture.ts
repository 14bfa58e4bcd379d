import { cardMeasures, toCardSize, toRows } from '../layout/card-size.ts';
import { type Layer, layers, toLayer } from '../layout/layer.ts';
import type { Layout, LayoutGraph, Point } from '../layout/layout.ts';
import { layout } from '../layout/layout.ts';
import type { Card, CrowsFoot, Link, Picture, Row } from '../layout/picture.ts';
import { placeCards } from '../layout/route-between.ts';
import { emptyCard } from '../layout/scene.ts';
import type { Because, Entity, Erd, Relationship } from './erd.ts';
import type { ErdView } from './view.ts';

/** An entity diagram with everything known but positions. */
export interface ErdScene {
  readonly graph: LayoutGraph;
  readonly entities: readonly Entity[];
  readonly relations: readonly Relationship[];
  readonly rows: readonly (readonly Row[])[];
  readonly notes: readonly string[];
  readonly title: string;
}

/** How a view is drawn: everything beside it that decides what stands where. */
export interface ErdDrawing {
  /** The entity of the file that is open: shown whatever the view says. */
  readonly active?: string;
  /** Where entities stood before, whose order is kept. */
  readonly standing?: ReadonlyMap<string, Point>;
  /** Where somebody put entities, or where they are to stay. */
  readonly places?: ReadonlyMap<string, Point>;
  /** The grain of an entity. */
  grain?(id: string): string | undefined;
}

/** A layer with how many entities it has, and whether they are shown. */
export interface ErdLayer {
  readonly layer: Layer;
  readonly count: number;
  readonly isShown: boolean;
}

const noDrawing: ErdDrawing = {};

/** The layers of the entities that there are. */
export function toErdLayers(erd: Erd, view: ErdView): readonly ErdLayer[] {
  const counts = new Map<Layer, number>();
  for (const entity of erd.entities) {
    const layer = toLayer(entity);
    counts.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  return layers
    .filter((layer) => counts.has(layer))
    .map((layer) => ({ layer, count: counts.get(layer) ?? 0, isShown: view.layers?.includes(layer) ?? true }));
}

/** The one layer that tells most to begin with: marts, else staging, else sources, else whatever has most entities. */
export function chooseErdLayer(erd: Erd): Layer | undefined {
  const present = toErdLayers(erd, { steps: 1, detail: 'keys', loose: false, candidates: true });
  const best = (['mart', 'staging', 'source'] as const).find((layer) => present.some((one) => one.layer === layer && one.count > 1));
  return best ?? present.reduce<ErdLayer | undefined>((a, b) => (a !== undefined && a.count >= b.count ? a : b), undefined)?.layer;
}

/** The entities and relations of a view, sized for a layout: the one side stands left of the many. */
export function toErdScene(erd: Erd, view: ErdView, drawing: ErdDrawing = noDrawing): ErdScene {
  const relations = erd.relationships.filter((relation) => view.candidates || relation.status !== 'candidate');
  const shown = chooseEntities(erd, view, relations, drawing.active);
  const entities = erd.entities.filter((entity) => shown.has(entity.id));
  const at = new Map(entities.map((entity, i) => [entity.id, i]));
  const drawn = relations.filter((relation) => at.has(relation.from.entity) && at.has(relation.to.entity));
  const keyed = new Set(
    drawn.flatMap((relation) => [relation.from, relation.to].flatMap((end) => end.columns.map((column) => toKey(end.entity, column)))),
  );
  const rows = entities.map((entity) => toEntityRows(entity, view, keyed));
  const cards = entities.map((entity, i) => {
    const columns = rows[i]!.map((row) => ({ name: row.name, type: row.type }));
    return {
      id: entity.id,
      ...toCardSize(
        entity.name,
        toDetail(entity, drawing),
        '',
        columns.length > 0 ? columns : undefined,
        entity.columns.length - columns.length,
      ),
    };
  });
  const links = drawn.map((relation) => {
    const from = at.get(relation.to.entity)!;
    const to = at.get(relation.from.entity)!;
    return { from, to, fromPort: toPort(rows[from]!, relation.to.columns[0]), toPort: toPort(rows[to]!, relation.from.columns[0]) };
  });
  const notes: string[] = [];
  if (entities.length === 0)
    notes.push(
      erd.entities.length === 0
        ? 'The project has no tables.'
        : 'No relations are declared or suggested by names: add relationships tests or foreign keys, or show tables without relations.',
    );
  else notes.push(...toHiddenNotes(erd, view, shown));
  const title = view.focus === undefined ? 'Entities' : (erd.entities.find((entity) => entity.id === view.focus)?.name ?? view.focus);
  return { graph: { cards, links }, entities, relations: drawn, rows, notes, title };
}

/** The picture of a view of the entities. */
export function buildErdPicture(erd: Erd, view: ErdView, drawing: ErdDrawing = noDrawing): Picture {
  const { standing, places } = drawing;
  const scene = toErdScene(erd, view, drawing);
  const made = layout(scene.graph, {
    columnGap: 110,
    rowGap: 28,
    ...(standing && standing.size > 0 ? { previous: standing, ...(view.focus ? { anchor: view.focus } : {}) } : {}),
  });
  return toErdPicture(scene, places === undefined ? made : placeCards(made, scene.graph.links, places, 28), view, drawing);
}

/** A scene drawn at the positions of a layout: ours, or one that came back from elkjs. */
export function toErdPicture(scene: ErdScene, made: Layout, view: ErdView, drawing: ErdDrawing = noDrawing): Picture {
  const cards = scene.entities.map((entity, i): Card => {
    const { x, y, width, height } = made.cards[i]!;
    const rows = scene.rows[i]!;
    return {
      ...emptyCard,
      id: entity.id,
      kind: entity.kind,
      materialized: 'table',
      name: entity.name,
      detail: toDetail(entity, drawing),
      layer: toLayer(entity),
      path: entity.path,
      description: entity.description,
      expanded: rows.length > 0,
      rows,
      moreRows: rows.length > 0 ? entity.columns.length - rows.length : 0,
      emphasis: entity.id === (view.focus ?? drawing.active) ? 'focus' : 'plain',
      x,
      y,
      width,
      height,
    };
  });
  const links = scene.relations.map((relation, i): Link => {
    const link = scene.graph.links[i]!;
    return {
      from: link.from,
      to: link.to,
      route: made.routes[i]!,
      kind: relation.status === 'candidate' ? 'candidate' : 'relation',
      emphasis: 'plain',
      weight: 1,
      label: relation.measured && relation.measured.orphans > 0 ? `${relation.measured.orphans} orphans` : '',
      detail: toRelationDetail(scene, relation),
      fromColumn: relation.to.columns.join(', '),
      toColumn: relation.from.columns.join(', '),
      feet: toFeet(relation),
    };
  });
  const anchor = [view.focus, drawing.active].find((id) => id !== undefined && scene.entities.some((entity) => entity.id === id));
  return {
    title: scene.title,
    cards,
    links,
    frames: [],
    headings: [],
    notes: scene.notes,
    left: made.left,
    top: made.top,
    right: made.right,
    bottom: made.bottom,
    ...(anchor === undefined ? {} : { anchor }),
  };
}

/** The crow's feet of a relation, first at the side it points to. */
export function toFeet(relation: Relationship): { readonly from: CrowsFoot; readonly to: CrowsFoot } {
  const toMany = relation.cardinality === 'many-to-many' || relation.cardinality === 'one-to-many';
  const fromMany = relation.cardinality === 'many-to-one' || relation.cardinality === 'many-to-many';
  return {
    from: toMany ? (relation.optional ? 'zero-or-many' : 'many') : relation.optional ? 'zero-or-one' : 'one',
    // A key may always have no row that refers to it.
    to: fromMany ? 'zero-or-many' : 'zero-or-one',
  };
}

function chooseEntities(erd: Erd, view: ErdView, relations: readonly Relationship[], active: string | undefined): Set<string> {
  if (view.focus !== undefined) {
    const shown = new Set([view.focus]);
    for (let step = 0; step < view.steps; step++)
      for (const id of [...shown])
        for (const relation of relations) {
          if (relation.from.entity === id) shown.add(relation.to.entity);
          if (relation.to.entity === id) shown.add(relation.from.entity);
        }
    return shown;
  }
  const inLayers = new Set(erd.entities.filter((entity) => view.layers?.includes(toLayer(entity)) ?? true).map(({ id }) => id));
  const own = erd.entities.some(({ id }) => id === active) ? [active ?? ''] : [];
  if (view.loose) return new Set([...inLayers, ...own]);
  const ends = relations.map((relation) => [relation.from.entity, relation.to.entity] as const);
  const related = new Set(ends.filter(([from, to]) => inLayers.has(from) && inLayers.has(to)).flat());
  // A layer without relations of its own would leave nothing to see.
  return new Set([...(related.size === 0 && view.layers !== undefined ? inLayers : related), ...own]);
}

/** What the view leaves out, a sentence for each reason. */
function toHiddenNotes(erd: Erd, view: ErdView, shown: ReadonlySet<string>): readonly string[] {
  const hidden = erd.entities.filter(({ id }) => !shown.has(id));
  if (view.focus !== undefined) return hidden.length === 0 ? [] : [toHiddenNote(hidden.length, 'further away')];
  const others = hidden.filter((entity) => view.layers?.includes(toLayer(entity)) === false).length;
  const loose = hidden.length - others;
  return [
    ...(others === 0 ? [] : [toHiddenNote(others, 'of other layers')]),
    ...(loose === 0 ? [] : [toHiddenNote(loose, 'without relations')]),
  ];
}

function toHiddenNote(count: number, which: string): string {
  return count === 1 ? `One table ${which} is not shown.` : `${count} tables ${which} are not shown.`;
}

function toEntityRows(entity: Entity, view: ErdView, keyed: ReadonlySet<string>): readonly Row[] {
  if (view.detail === 'names') return [];
  const primary = new Set(entity.keys.filter((key) => key.kind === 'primary').flatMap((key) => key.columns.map((at) => at.toLowerCase())));
  const unique = new Set(entity.keys.filter((key) => key.kind === 'unique').flatMap((key) => key.columns.map((at) => at.toLowerCase())));
  const columns = entity.columns
    .map((column) => {
      const name = column.name.toLowerCase();
      const key = primary.has(name)
        ? ('primary' as const)
        : keyed.has(toKey(entity.id, name))
          ? ('foreign' as const)
          : unique.has(name)
            ? ('unique' as const)
            : undefined;
      return { ...column, ...(key ? { key } : {}) };
    })
    .filter((column) => view.detail === 'all' || column.key !== undefined);
  return toRows(columns.slice(0, cardMeasures.mostRows), () => false).map((row): Row => {
    const because = toKeyWords(entity, row.name);
    return because === '' ? row : { ...row, because };
  });
}

/** What speaks for and against the keys that a column is part of, a line each. */
function toKeyWords(entity: Entity, column: string): string {
  const keys = entity.keys.filter((key) => key.columns.some((at) => at.toLowerCase() === column.toLowerCase()));
  return keys
    .flatMap((key) => [
      `${key.broken ? 'broken ' : ''}${key.kind} key${key.columns.length > 1 ? ` of ${key.columns.join(', ')}` : ''}`,
      ...key.because.map(toReason),
    ])
    .join('\n');
}

function toReason(because: Because): string {
  return `• ${because.text}${because.path ? ` in ${because.path}${because.line ? `:${because.line}` : ''}` : ''}`;
}

function toDetail(entity: Entity, drawing: ErdDrawing): string {
  const grain = drawing.grain?.(entity.id);
  if (grain !== undefined && grain.length <= 48) return grain;
  return `${entity.kind} · ${entity.columns.length} ${entity.columns.length === 1 ? 'column' : 'columns'}`;
}

function toPort(rows: readonly Row[], column: string | undefined): number {
  const name = column?.toLowerCase();
  return rows.find((row) => row.name.toLowerCase() === name)?.y ?? cardMeasures.header / 2;
}

function toKey(entity: string, column: string): string {
  return `${entity}\n${column.toLowerCase()}`;
}

function toRelationDetail(scene: ErdScene, relation: Relationship): string {
  const nameOf = (id: string): string => scene.entities.find((entity) => entity.id === id)?.name ?? id;
  const end = (at: Relationship['from']): string => `${nameOf(at.entity)}.${at.columns.join(', ')}`;
  const words = `${end(relation.from)} → ${end(relation.to)}, ${relation.cardinality.replaceAll('-', ' ')}, ${relation.status}`;
  return [words, ...relation.because.map(toReason)].join('\n');
}
