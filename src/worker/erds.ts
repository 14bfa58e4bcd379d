import type { PreviewSession } from '../core/engine/preview.ts';
import { buildErd } from '../core/erd/build.ts';
import type { Erd } from '../core/erd/erd.ts';
import { buildErdPicture, chooseErdLayer, toErdLayers, toErdScene } from '../core/erd/erd-picture.ts';
import { toErdSource } from '../core/erd/from-snapshot.ts';
import { measureErd } from '../core/erd/measure.ts';
import { measurePreview } from '../core/erd/measure-preview.ts';
import type { ErdView } from '../core/erd/view.ts';
import { toErdView } from '../core/erd/view.ts';
import { grainWordsOf } from '../core/keys/grain-words.ts';
import type { Point } from '../core/layout/layout.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import type { ErdAnswer, ErdQuestion, Standing } from '../protocol.ts';

const declared = new WeakMap<Snapshot, Erd>();

/** The entities of a Snapshot as the project declares them, worked out once. */
export function declareErd(snapshot: Snapshot): Erd {
  const known = declared.get(snapshot) ?? buildErd(toErdSource(snapshot));
  declared.set(snapshot, known);
  return known;
}

/** The entities of Snapshots held against the rows that previews give. */
export class CountedErds {
  /** By Snapshot, and by the run whose data were counted. */
  readonly #counting = new WeakMap<Snapshot, Map<string, Promise<Erd>>>();

  /** The entities after their values were counted, each state of a project once; a count that failed is tried again. */
  get(snapshot: Snapshot, session: PreviewSession): Promise<Erd> {
    const counted = this.#counting.get(snapshot) ?? new Map<string, Promise<Erd>>();
    this.#counting.set(snapshot, counted);
    const { key } = session.run;
    const known = counted.get(key);
    if (known !== undefined) return known;
    // Between two relations whoever else asks this worker gets an answer.
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
    const counting = measureErd(declareErd(snapshot), measurePreview(snapshot, session, rest));
    counted.set(key, counting);
    counting.catch(() => counted.delete(key));
    return counting;
  }
}

/** As many tables are read at a glance; with more, a diagram begins with the table at hand. */
const fewTables = 60;
/** With more tables, a diagram begins with their names alone. */
const fewForKeys = 16;
/** How long grains may be worked out for one picture; what is not known by then comes with the next. */
const grainMs = 250;

/** What a panel is answered that asks for a picture of entities. */
export function toErdAnswer(erd: Erd, snapshot: Snapshot, question: ErdQuestion, measured: boolean): ErdAnswer {
  const { node, standing } = question;
  const view = question.view ?? toFirstView(erd, node);
  const until = performance.now() + grainMs;
  const places = view.focus === undefined ? toPoints(question.places) : toPoints([]);
  const picture = buildErdPicture(erd, view, {
    active: node,
    standing: toPoints(standing),
    places,
    grain: (id) => (performance.now() < until ? grainWordsOf(snapshot, id as NodeId)?.text : undefined),
  });
  const isPlaced = picture.cards.some(({ id }) => places.has(id));
  return { view, picture, revision: snapshot.revision, measured, layers: toErdLayers(erd, view), isPlaced };
}

/** The view that a diagram begins with: one layer, in as much detail as can be read. */
function toFirstView(erd: Erd, node: string): ErdView {
  const layer = chooseErdLayer(erd);
  const view: ErdView = { ...toErdView(), ...(layer === undefined ? {} : { layers: [layer] }) };
  const { entities } = toErdScene(erd, view, { active: node });
  const isRelated = erd.relationships.some(({ from, to }) => from.entity === node || to.entity === node);
  if (entities.length > fewTables && isRelated)
    return { ...toErdView(node), ...(view.layers === undefined ? {} : { layers: view.layers }) };
  return entities.length > fewForKeys ? { ...view, detail: 'names' } : view;
}

/** Where cards stood, by id. */
export function toPoints(standing: Standing): ReadonlyMap<string, Point> {
  return new Map(standing.map(({ id, x, y }) => [id, { x, y }]));
}
