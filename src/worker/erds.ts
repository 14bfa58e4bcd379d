import type { PreviewSession } from '../core/engine/preview.ts';
import { buildErd } from '../core/erd/build.ts';
import type { Erd } from '../core/erd/erd.ts';
import { buildErdPicture } from '../core/erd/erd-picture.ts';
import { toErdSource } from '../core/erd/from-snapshot.ts';
import { measureErd } from '../core/erd/measure.ts';
import { measurePreview } from '../core/erd/measure-preview.ts';
import type { ErdView } from '../core/erd/view.ts';
import { toErdView } from '../core/erd/view.ts';
import type { Point } from '../core/layout/layout.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ErdAnswer, PictureQuestion, Standing } from '../protocol.ts';

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

/** What a panel is answered that asks for a picture of entities. */
export function toErdAnswer(erd: Erd, snapshot: Snapshot, question: PictureQuestion<ErdView>, measured: boolean): ErdAnswer {
  const { node, view, standing } = question;
  const related = erd.relationships.some(({ from, to }) => from.entity === node || to.entity === node);
  const shown = view ?? toErdView(related ? node : undefined);
  return { view: shown, picture: buildErdPicture(erd, shown, toPoints(standing)), revision: snapshot.revision, measured };
}

/** Where cards stood, by id. */
export function toPoints(standing: Standing): ReadonlyMap<string, Point> {
  return new Map(standing.map(({ id, x, y }) => [id, { x, y }]));
}
