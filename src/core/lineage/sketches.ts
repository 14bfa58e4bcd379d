import type { RelationName } from '../dbt/environment.ts';
import type { ColumnsOf } from '../project/dbt-render.ts';
import { changedTexts } from '../project/text-changes.ts';
import type { NodeText, Sketch } from '../snapshot.ts';
import { traitsOf } from '../sql/dialect-traits.ts';
import type { NodeId } from '../text/ids.ts';
import { once } from '../text/once.ts';
import { nodeOf } from './node-columns.ts';
import type { NodeLineage, ProjectLineage } from './project.ts';

/** What a sketch was made from, and what it was told of the columns that it asked for. */
interface Made {
  readonly of: NodeText;
  readonly told: ReadonlyMap<NodeId, string>;
  readonly text: NodeText;
}

type Texts = ReadonlyMap<NodeId, NodeText>;

/** The texts of one node to their ends; where `isTold`, those of before will do unless something else has changed. */
type SketchOne = (id: NodeId, columnsOf: ColumnsOf, isTold: boolean) => Sketch | undefined;

/** How often texts are completed with the columns of others that were: as long as any chain of such models is likely to be. */
export const sketchRounds = 12;

/** Texts of which those that ask for data are completed when somebody reads one of them, which needs the columns of the whole project. */
export class CompletedTexts implements Texts {
  readonly #all: () => Texts;

  constructor(
    private readonly texts: Texts,
    private readonly complete: () => Texts,
  ) {
    this.#all = once(() => {
      for (const text of texts.values()) if (asksForData(text)) return complete();
      return texts;
    });
  }

  get size(): number {
    return this.texts.size;
  }

  has(id: NodeId): boolean {
    return this.texts.has(id);
  }

  get(id: NodeId): NodeText | undefined {
    const text = this.texts.get(id);
    return text !== undefined && asksForData(text) ? this.complete().get(id) : text;
  }

  keys(): MapIterator<NodeId> {
    return this.texts.keys();
  }

  values(): MapIterator<NodeText> {
    return this.#all().values();
  }

  entries(): MapIterator<[NodeId, NodeText]> {
    return this.#all().entries();
  }

  [Symbol.iterator](): MapIterator<[NodeId, NodeText]> {
    return this.entries();
  }

  forEach(take: (text: NodeText, id: NodeId, map: Texts) => void): void {
    for (const [id, text] of this) take(text, id, this);
  }
}

/** Completes the texts that ask for data, one Snapshot after the other. */
export class SketchMemo {
  readonly #made = new Map<NodeId, Made>();
  #asking: { readonly texts: Texts; readonly ids: readonly NodeId[] } | undefined;

  /** The texts with the sketches of before, where they are of the same texts; `renew` finds out whether they still hold. */
  recall(texts: Texts): Texts {
    const known: [NodeId, NodeText][] = [];
    for (const [id, made] of this.#made) {
      const of = texts.get(id);
      if (of === undefined || !isAlike(of, made.of)) this.#made.delete(id);
      else known.push([id, of === made.of ? made.text : withSketch(of, made.text.sketch)]);
    }
    return known.length === 0 ? texts : new Map([...texts, ...known]);
  }

  /** Sketches every text that asks for data and knows other columns now than when it was sketched; the same texts where there is none. */
  renew(original: Texts, texts: Texts, lineage: ProjectLineage, sketch: SketchOne): Texts {
    const renewed: [NodeId, NodeText][] = [];
    for (const id of this.#askingIn(original)) {
      const of = original.get(id);
      const made = this.#made.get(id);
      if (of === undefined) continue;
      const isTold = made !== undefined && [...made.told].every(([asked, columns]) => signature(lineage.nodes.get(asked)) === columns);
      if (isTold && made.of === of) continue;
      const told = new Map(isTold ? made.told : []);
      const sketched = sketch(id, (relation) => columnsOf(relation, id, lineage, told), isTold);
      const recalled = texts.get(id);
      // What was recalled is as good as what would be made again.
      const isSame = made !== undefined && recalled !== undefined && isSameSketch(sketched, recalled.sketch);
      const text = isSame ? recalled : withSketch(of, sketched);
      this.#made.set(id, { of, told, text });
      if (text !== recalled) renewed.push([id, text]);
    }
    return renewed.length === 0 ? texts : new Map([...texts, ...renewed]);
  }

  /** The nodes whose templates ask for data, in either branch. */
  #askingIn(texts: Texts): readonly NodeId[] {
    const before = this.#asking;
    const changed = before && changedTexts(texts, before.texts);
    const isAsking = (id: NodeId): boolean => {
      const text = texts.get(id);
      return text !== undefined && asksForData(text);
    };
    const isSame = changed?.every((id) => isAsking(id) === before?.ids.includes(id));
    const ids = before !== undefined && isSame ? before.ids : [...texts.keys()].filter(isAsking);
    this.#asking = { texts, ids };
    return ids;
  }
}

function withSketch(of: NodeText, sketch: Sketch | undefined): NodeText {
  return sketch === undefined ? of : { ...of, sketch };
}

function isAlike(a: NodeText, b: NodeText): boolean {
  return a === b || (a.source === b.source && a.rendering.sql === b.rendering.sql && a.incremental?.sql === b.incremental?.sql);
}

function isSameSketch(a: Sketch | undefined, b: Sketch | undefined): boolean {
  return a?.rendering === b?.rendering && a?.incremental === b?.incremental;
}

function asksForData({ rendering, incremental }: NodeText): boolean {
  return rendering.status === 'needs-data' || incremental?.status === 'needs-data';
}

/** The columns that the project's SQL gives a relation, where those are all; a relation that asks for its own is not answered. */
function columnsOf(relation: RelationName, reader: NodeId, lineage: ProjectLineage, told: Map<NodeId, string>): ReturnType<ColumnsOf> {
  const { database, schema, identifier } = relation;
  const parts = [database, schema, identifier].filter((part) => part !== undefined);
  const own = lineage.reuse.get(reader)?.node;
  const id = own === undefined ? lineage.input.findNode(parts, reader) : nodeOf(parts, own, lineage.input);
  if (id === undefined || id === reader) return undefined;
  const known = lineage.nodes.get(id);
  told.set(id, signature(known));
  if (known === undefined || known.isOpen) return undefined;
  const isUpper = traitsOf(lineage.input.dialect).unquoted === 'upper';
  return known.columns.map(({ name, typeText }) => ({
    // As the database would answer: a name that nobody quoted has the case that the dialect gives it.
    name: isUpper && /^[a-z_][a-z0-9_$]*$/.test(name) ? name.toUpperCase() : name,
    type: typeText === 'unknown' ? '' : typeText,
  }));
}

function signature(known: NodeLineage | undefined): string {
  if (known === undefined || known.isOpen) return 'open';
  return known.columns.map(({ name, typeText }) => `${name} ${typeText}`).join(',');
}
