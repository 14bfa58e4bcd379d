import { joinSections, splitSections } from './cache-file.ts';
import type { Rendering } from './dbt/rendering.ts';
import { TemplateText } from './jinja/lexer.ts';
import { PieceMap } from './jinja/piece-map.ts';
import type { LineageColumn, LineageEdge, LineageUse, NodeLineage } from './lineage/project.ts';
import type { Edge } from './project/graph.ts';
import type { ProjectNode } from './project/node.ts';
import type { Sources } from './project/sources.ts';
import type { DocsBlock, NodeText, ProjectInfo, Sketch, Snapshot } from './snapshot.ts';
import type { NodeId } from './text/ids.ts';
import type { Problem } from './text/problem.ts';
import { SegmentMap } from './text/segment-map.ts';
import type { SourceMap } from './text/source-map.ts';

/** Raised whenever what stands in a cache, or how it comes about, changes: caches of other versions are worked out anew. */
const version = 'headwater-snapshot-2';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What of a Snapshot is kept from one start to the next; the rest follows from the files. */
export interface PackedSnapshot {
  readonly info: ProjectInfo;
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly edges: readonly Edge[];
  readonly docs: readonly DocsBlock[];
  readonly problems: readonly Problem[];
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  readonly lineage: ReadonlyMap<NodeId, NodeLineage>;
  readonly columnCounts: ReadonlyMap<NodeId, number>;
}

/** The part of a cache that is read whole. */
interface Head {
  readonly key: string;
  readonly clock: string;
  readonly info: ProjectInfo;
  readonly nodes: readonly ProjectNode[];
  /** The places of nodes that hold dates, as YAML reads them. */
  readonly dated: readonly number[];
  /** From, to and via by their places among the nodes and in `vias`. */
  readonly edges: readonly number[];
  readonly vias: readonly Edge['via'][];
  readonly docs: readonly DocsBlock[];
  readonly problems: readonly Problem[];
  /** A node's place, then where its part of the section ends. */
  readonly texts: readonly number[];
  readonly lineage: readonly number[];
  /** How many columns each node of the lineage has. */
  readonly counts: readonly number[];
}

/** The bytes of a Snapshot; `clock` names the invocation where its templates asked for it. Undefined where something in it would not come back as it was. */
export function packSnapshot(snapshot: Snapshot, key: string, clock: string): Uint8Array | undefined {
  const nodes = [...snapshot.nodes.values()];
  const places = new Map(nodes.map((node, place) => [node.id, place]));
  const vias = [...new Set(snapshot.graph.edges.map((edge) => edge.via))];
  const edges = snapshot.graph.edges.flatMap(({ from, to, via }) => [places.get(from) ?? -1, places.get(to) ?? -1, vias.indexOf(via)]);
  if (edges.includes(-1)) return undefined;
  const texts = new Section(places);
  for (const [id, text] of snapshot.texts) {
    const packed = packText(text, snapshot.sources);
    if (packed === undefined) return undefined;
    texts.add(id, packed);
  }
  const lineage = new Section(places);
  for (const [id, known] of snapshot.lineage.nodes) lineage.add(id, packLineage(known));
  const { project: info, docs, problems } = snapshot;
  const dated = nodes.flatMap((node, place) => (holdsDate(node) ? [place] : []));
  const inDated = new Set(dated);
  const head: Head = {
    key,
    clock,
    info,
    nodes: nodes.map((node, place) => (inDated.has(place) ? (packDates(node) as ProjectNode) : node)),
    dated,
    edges,
    vias,
    docs,
    problems,
    texts: texts.ends,
    lineage: lineage.ends,
    counts: [...snapshot.lineage.nodes.values()].map((known) => known.columns.length),
  };
  try {
    if (!isPlain(nodes)) return undefined;
    return joinSections(version, [encoder.encode(JSON.stringify(head)), texts.bytes(), lineage.bytes()]);
  } catch {
    // What JSON cannot hold, as integers beyond its numbers.
    return undefined;
  }
}

/** What a cache holds, where it was made of these very files and settings; its texts and its lineage are read node by node, when asked for. */
export function unpackSnapshot(file: Uint8Array, key: string, clock: string, sources: Sources): PackedSnapshot | undefined {
  const [first, texts, lineage] = splitSections(version, file) ?? [];
  if (first === undefined || texts === undefined || lineage === undefined) return undefined;
  const head = readHead(first);
  if (head === undefined) return undefined;
  if (head.key !== key || (head.clock !== '' && head.clock !== clock)) return undefined;
  const nodes = head.nodes.slice();
  for (const place of head.dated) nodes[place] = reviveDates(nodes[place]) as ProjectNode;
  const idAt = (place: number) => (head.nodes[place] as ProjectNode).id;
  const edges: Edge[] = [];
  for (let at = 0; at < head.edges.length; at += 3) {
    const [from = 0, to = 0, via = 0] = [head.edges[at], head.edges[at + 1], head.edges[at + 2]];
    edges.push({ from: idAt(from), to: idAt(to), via: head.vias[via] as Edge['via'] });
  }
  return {
    info: head.info,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    edges,
    docs: head.docs,
    problems: head.problems,
    texts: new Map(partsOf(texts, head.texts).map(([place, bytes]) => [idAt(place), new RevivedText(bytes, sources)])),
    columnCounts: new Map(head.counts.map((count, at) => [idAt(head.lineage[2 * at] ?? 0), count])),
    lineage: new Map(partsOf(lineage, head.lineage).map(([place, bytes]) => [idAt(place), new RevivedLineage(idAt(place), bytes)])),
  };
}

/** A file that was damaged is as good as none. */
function readHead(bytes: Uint8Array): Head | undefined {
  try {
    return JSON.parse(decoder.decode(bytes)) as Head;
  } catch {
    return undefined;
  }
}

/** Values of nodes one behind the other, each of which can be read without the others. */
class Section {
  readonly ends: number[] = [];
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly places: ReadonlyMap<NodeId, number>) {}

  add(id: NodeId, value: unknown): void {
    const part = encoder.encode(JSON.stringify(value));
    this.#parts.push(part);
    this.#length += part.length;
    this.ends.push(this.places.get(id) ?? 0, this.#length);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

function partsOf(bytes: Uint8Array, ends: readonly number[]): (readonly [number, Uint8Array])[] {
  const parts: (readonly [number, Uint8Array])[] = [];
  let start = 0;
  for (let at = 0; at < ends.length; at += 2) {
    const end = ends[at + 1] ?? start;
    parts.push([ends[at] ?? 0, bytes.subarray(start, end)]);
    start = end;
  }
  return parts;
}

const dateKey = '$date';

function holdsDate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Date) return true;
  for (const key in value) if (holdsDate((value as Record<string, unknown>)[key])) return true;
  return false;
}

function packDates(value: unknown): unknown {
  if (value instanceof Date) return { [dateKey]: value.getTime() };
  return mapItems(value, packDates);
}

function reviveDates(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && dateKey in value) return new Date(Number(value[dateKey]));
  return mapItems(value, reviveDates);
}

function mapItems(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

/** Whether a value is the same after a way through JSON, but for its dates. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint' && typeof value !== 'function';
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isPlain(item));
  if (value instanceof Date) return Number.isFinite(value.getTime());
  if (dateKey in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key])) return false;
  return true;
}

type PackedMap =
  | { readonly kind: 'segments'; readonly offset: number; readonly parts: readonly number[] }
  | {
      readonly kind: 'pieces';
      readonly offset: number;
      readonly length: number;
      readonly pieces: readonly number[];
      readonly text?: string;
    };

/** Lists that are empty are left out: nearly all are. */
type PackedRendering = Pick<Rendering, 'status' | 'sql'> & Partial<Omit<Rendering, 'map'>> & { readonly map: PackedMap };

interface PackedText {
  readonly path: string;
  readonly offset: number;
  /** How much of the file from the offset on it is; or, where it is no piece of a file, the text itself. */
  readonly source: number | string;
  readonly rendering: PackedRendering;
  readonly incremental?: PackedRendering;
  readonly sketch?: { readonly rendering?: PackedRendering | undefined; readonly incremental?: PackedRendering | undefined };
}

function packText(text: NodeText, sources: Sources): PackedText | undefined {
  const { path, offset, source } = text;
  const file = sources.find(path)?.text ?? '';
  const rendering = packRendering(text.rendering, source);
  const incremental = text.incremental === undefined ? undefined : packRendering(text.incremental, source);
  if (rendering === undefined || (text.incremental !== undefined && incremental === undefined)) return undefined;
  const { sketch } = text;
  const pack = (one: Rendering | undefined): PackedRendering | undefined => (one === undefined ? undefined : packRendering(one, source));
  return {
    path,
    offset,
    source: file.startsWith(source, offset) ? source.length : source,
    rendering,
    ...(incremental === undefined ? {} : { incremental }),
    ...(sketch === undefined ? {} : { sketch: { rendering: pack(sketch.rendering), incremental: pack(sketch.incremental) } }),
  };
}

function packRendering(rendering: Rendering, source: string): PackedRendering | undefined {
  const map = packMap(rendering.map, source);
  if (map === undefined || !isPlain(rendering.configCalls)) return undefined;
  const { status, sql, ...rest } = rendering;
  const filled = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return { ...Object.fromEntries(filled), status, sql, map };
}

function packMap(map: SourceMap, source: string): PackedMap | undefined {
  if (map instanceof SegmentMap) return { kind: 'segments', offset: map.offset, parts: map.parts };
  if (!(map instanceof PieceMap)) return undefined;
  const { pieces, length, offset } = map;
  // Only where line ends were changed does the map need the text they were changed in.
  return { kind: 'pieces', offset, length, pieces, ...(source.includes('\r') ? { text: source.trim() } : {}) };
}

function reviveMap(map: PackedMap): SourceMap {
  if (map.kind === 'segments') return SegmentMap.of(map.offset, map.parts);
  return new PieceMap(map.pieces, map.length, new TemplateText(map.text ?? ''), map.offset);
}

class RevivedText implements NodeText {
  #packed: PackedText | undefined;
  #rendering: Rendering | undefined;
  #incremental: Rendering | undefined;
  #sketch: Sketch | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly sources: Sources,
  ) {}

  get path(): string {
    return this.#read().path;
  }

  get offset(): number {
    return this.#read().offset;
  }

  get source(): string {
    const { path, offset, source } = this.#read();
    return typeof source === 'string' ? source : (this.sources.find(path)?.text ?? '').slice(offset, offset + source);
  }

  get rendering(): Rendering {
    this.#rendering ??= reviveRendering(this.#read().rendering);
    return this.#rendering;
  }

  get incremental(): Rendering | undefined {
    const packed = this.#read().incremental;
    if (packed !== undefined) this.#incremental ??= reviveRendering(packed);
    return this.#incremental;
  }

  get sketch(): Sketch | undefined {
    const packed = this.#read().sketch;
    if (packed === undefined) return undefined;
    const { rendering, incremental } = packed;
    this.#sketch ??= {
      ...(rendering === undefined ? {} : { rendering: reviveRendering(rendering) }),
      ...(incremental === undefined ? {} : { incremental: reviveRendering(incremental) }),
    };
    return this.#sketch;
  }

  #read(): PackedText {
    this.#packed ??= JSON.parse(decoder.decode(this.bytes)) as PackedText;
    return this.#packed;
  }
}

function reviveRendering(packed: PackedRendering): Rendering {
  const { cutShort } = packed;
  return {
    status: packed.status,
    sql: packed.sql,
    ...(cutShort === undefined ? {} : { cutShort }),
    map: reviveMap(packed.map),
    refs: packed.refs ?? [],
    sources: packed.sources ?? [],
    metrics: packed.metrics ?? [],
    configCalls: packed.configCalls ?? [],
    macrosCalled: packed.macrosCalled ?? [],
    varsRead: packed.varsRead ?? [],
    envRead: packed.envRead ?? [],
    queries: packed.queries ?? [],
    queriesNeeded: packed.queriesNeeded ?? [],
    logs: packed.logs ?? [],
    problems: packed.problems ?? [],
  };
}

/** What is known of a node, its edges and uses as rows that do not repeat its own id. */
interface PackedLineage extends Omit<NodeLineage, 'id' | 'edges' | 'uses'> {
  readonly edges: readonly (readonly [NodeId | 0, string, string, LineageEdge['kind'], LineageEdge['confidence'], string?])[];
  readonly uses: readonly (readonly [NodeId | 0, string, LineageUse['kind'], number, number])[];
}

/** A node that several rows in turn come from is named by the first of them. */
function packLineage({ id: _, edges, uses, ...rest }: NodeLineage): PackedLineage {
  return {
    ...rest,
    edges: edges.map(({ from, fromColumn, toColumn, kind, confidence, reason }, at) => {
      const row = [from === edges[at - 1]?.from ? 0 : from, fromColumn, toColumn, kind, confidence] as const;
      return reason === undefined ? row : [...row, reason];
    }),
    uses: uses.map(({ from, fromColumn, kind, span }, at) => [
      from === uses[at - 1]?.from ? 0 : from,
      fromColumn,
      kind,
      span.start,
      span.end,
    ]),
  };
}

function reviveLineage(to: NodeId, packed: PackedLineage): NodeLineage {
  let from = to;
  const edges = packed.edges.map(([given, fromColumn, toColumn, kind, confidence, reason]): LineageEdge => {
    if (given !== 0) from = given;
    return { from, fromColumn, to, toColumn, kind, confidence, ...(reason === undefined ? {} : { reason }) };
  });
  const uses = packed.uses.map(([given, fromColumn, kind, start, end]): LineageUse => {
    if (given !== 0) from = given;
    return { from, fromColumn, to, kind, span: { start, end } };
  });
  return { ...packed, id: to, edges, uses };
}

class RevivedLineage implements NodeLineage {
  #packed: NodeLineage | undefined;

  constructor(
    readonly id: NodeId,
    private readonly bytes: Uint8Array,
  ) {}

  get columns(): readonly LineageColumn[] {
    return this.#read().columns;
  }

  get edges(): readonly LineageEdge[] {
    return this.#read().edges;
  }

  get lost(): NodeLineage['lost'] {
    return this.#read().lost;
  }

  get uses(): readonly LineageUse[] {
    return this.#read().uses;
  }

  get reads(): readonly NodeId[] {
    return this.#read().reads;
  }

  get problems(): NodeLineage['problems'] {
    return this.#read().problems;
  }

  get findings(): NodeLineage['findings'] {
    return this.#read().findings;
  }

  get tables(): NodeLineage['tables'] {
    return this.#read().tables;
  }

  get isOpen(): boolean {
    return this.#read().isOpen;
  }

  #read(): NodeLineage {
    this.#packed ??= reviveLineage(this.id, JSON.parse(decoder.decode(this.bytes)) as PackedLineage);
    return this.#packed;
  }
}
