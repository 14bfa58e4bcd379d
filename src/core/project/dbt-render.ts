import type { Phase, PlainRecord, RelationName, RenderEnvironment, RenderSubject, Resolution } from '../dbt/environment.ts';
import { extendEnvironment } from '../dbt/environment.ts';
import type { Macro } from '../dbt/macro-library.ts';
import type { Rendering } from '../dbt/render.ts';
import { readStatic } from '../dbt/static-template.ts';
import type { TemplateEngine } from '../dbt/template-engine.ts';
import { areAlike } from '../text/alike.ts';
import { toHash } from '../text/hash.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { SegmentMap } from '../text/segment-map.ts';
import { LineMap } from '../text/span.ts';

/** The columns of a relation; undefined where they are not known. */
export type ColumnsOf = NonNullable<RenderEnvironment['columnsOf']>;

/** What a rendering is made of, besides what it looks at on the way. */
interface RenderBasis {
  readonly text: string;
  /** The same for all renderings of one reading. */
  readonly shared: string;
  readonly config: RenderSubject['config'];
  readonly relation: RelationName;
  readonly offset: number | undefined;
}

interface Remembered {
  readonly basis: RenderBasis;
  /** What the rendering saw of what it looked at, in the order in which it names that. */
  readonly seen: readonly unknown[];
  readonly rendering: Rendering;
}

/** Renderings by what they were made of: a save renders again only what it can change. */
export class RenderMemo {
  readonly #entries = new Map<string, Remembered>();
  readonly #used = new Set<string>();

  find(key: string, basis: RenderBasis, see: (rendering: Rendering) => readonly unknown[]): Rendering | undefined {
    const entry = this.#entries.get(key);
    this.#used.add(key);
    if (entry === undefined || !areAlike(entry.basis, basis)) return undefined;
    return areAlike(entry.seen, see(entry.rendering)) ? entry.rendering : undefined;
  }

  remember(key: string, basis: RenderBasis, seen: readonly unknown[], rendering: Rendering): void {
    this.#entries.set(key, { basis, seen, rendering });
  }

  /** Where there are more entries than a limit, forgets those that were not asked for since the last time. */
  sweep(limit: number): void {
    if (this.#entries.size <= limit) return;
    for (const key of this.#entries.keys()) if (!this.#used.has(key)) this.#entries.delete(key);
    this.#used.clear();
  }
}

/** Renders nodes with memory; `overrides` says that the project has its own `ref`, `source` or `config`. */
export class NodeRenderer {
  readonly #macroHashes: ReadonlyMap<string, string>;
  readonly #macroNames: string;
  readonly #shared: string;
  readonly #overrides: boolean;
  readonly #contextKey: string;
  readonly #passing = new WeakSet<Rendering>();

  constructor(
    private readonly engine: TemplateEngine,
    private readonly memo: RenderMemo,
    readonly environment: RenderEnvironment,
    macroTexts: ReadonlyMap<string, string>,
    /** How often a template asked for nodes that it does not name. */
    private readonly timesAsked: () => number,
    /** Which parts of names the root's dbt_project.yml wants quoted. */
    readonly quoting: NonNullable<RelationName['quoting']> = {},
  ) {
    const hashes = new Map(Array.from(macroTexts, ([path, text]) => [path, toHash(text)]));
    this.#macroHashes = new Map(
      environment.macros.macros.map((macro) => [macro.id, `${hashes.get(macro.path) ?? ''} ${macro.span.start}`]),
    );
    this.#macroNames = toHash([...this.#macroHashes.keys()].join('\n'));
    this.#shared = toHash(
      JSON.stringify([
        environment.target,
        environment.flags,
        environment.env,
        environment.runStartedAt,
        [...environment.dispatch],
        environment.projectName,
        [...(environment.missingPackages ?? [])],
        environment.packages,
        quoting,
      ]),
    );
    const overrides = environment.macros.macros.filter((macro) => macro.package !== 'dbt' && /^(ref|source|config)$/.test(macro.name));
    this.#overrides = overrides.length > 0;
    this.#contextKey = toHash(
      JSON.stringify([this.#shared, this.#macroNames, overrides.map((macro) => macro.id), namingMacros(environment.macros.macros)]),
    );
  }

  render(subject: RenderSubject, phase: Phase): Rendering {
    const fast = this.#renderStatic(subject, phase);
    if (fast) return fast;
    const key = `${phase} ${subject.resourceType} ${subject.package} ${subject.name} ${subject.path} ${subject.part ?? ''} ${subject.incremental ?? ''}`;
    const basis = this.#basisOf(subject);
    const known = this.memo.find(key, basis, (rendering) => this.#seenBy(rendering, subject, phase));
    if (known) return known;
    const asked = this.timesAsked();
    const rendering = this.engine.renderNode(this.environment, subject, phase);
    if (this.timesAsked() !== asked) this.#passing.add(rendering);
    if (this.isLasting(rendering)) this.memo.remember(key, basis, this.#seenBy(rendering, subject, phase), rendering);
    return rendering;
  }

  /** Renders past every question, with those about columns answered as far as `columnsOf` can; `isTold` says that it tells what it told before. */
  sketch(subject: RenderSubject, columnsOf: ColumnsOf, isTold: boolean): Rendering {
    const key = `sketch ${subject.resourceType} ${subject.package} ${subject.name} ${subject.path} ${subject.incremental ?? ''}`;
    const basis = this.#basisOf(subject);
    const known = isTold ? this.memo.find(key, basis, (rendering) => this.#seenBy(rendering, subject, 'compile')) : undefined;
    if (known) return known;
    const asked = this.timesAsked();
    const rendering = this.engine.renderNode(extendEnvironment(this.environment, { columnsOf, sketches: true }), subject, 'compile');
    if (this.timesAsked() === asked) this.memo.remember(key, basis, this.#seenBy(rendering, subject, 'compile'), rendering);
    return rendering;
  }

  /** Whether a rendering depends on nothing but what is recorded in it: not on a query's answer, nor on nodes that it does not name. */
  isLasting(rendering: Rendering): boolean {
    return rendering.queries.length === 0 && !this.#passing.has(rendering);
  }

  /** Macros that were called, as they are now. */
  hashesOf(called: readonly string[]): readonly (readonly [string, string])[] {
    return called.map((id) => [id, this.#macroHashes.get(id) ?? ''] as const);
  }

  /** Whether macros still are what they were. */
  holds(hashes: readonly (readonly [string, string])[]): boolean {
    return hashes.every(([id, hash]) => (this.#macroHashes.get(id) ?? '') === hash);
  }

  /** What all renderings depend on: the environment, the names of macros, and the macros that stand in for dbt's own functions. */
  get contextKey(): string {
    return this.#contextKey;
  }

  #basisOf({ text, config, relation, offset }: RenderSubject): RenderBasis {
    return { text, shared: this.#shared + this.#macroNames, config, relation, offset };
  }

  /** What a rendering looked at besides its own text, as it is now. */
  #seenBy({ macrosCalled, varsRead, refs, sources }: Rendering, subject: RenderSubject, phase: Phase): readonly unknown[] {
    const { vars, resolver } = this.environment;
    const { invocation, root, packages } = vars;
    const seen: unknown[] = macrosCalled.map((id) => this.#macroHashes.get(id));
    for (const name of varsRead) seen.push(invocation[name], root[name], root[subject.package], packages.get(subject.package)?.[name]);
    if (phase === 'parse') return seen;
    for (const call of refs) seen.push(toSeen(resolver.ref(call, subject)));
    for (const call of sources) seen.push(toSeen(resolver.source(call, subject)));
    return seen;
  }

  /** What most models need: no engine at all. */
  #renderStatic(subject: RenderSubject, phase: Phase): Rendering | undefined {
    if (this.#overrides) return undefined;
    const pieces = readStatic(subject.text);
    if (pieces === undefined) return undefined;
    const offset = subject.offset ?? 0;
    const map = new SegmentMap(offset);
    const adapter = this.environment.target.type;
    const own = this.engine.printRelation(subject.relation, adapter);
    const refs: Rendering['refs'][number][] = [];
    const sources: Rendering['sources'][number][] = [];
    const configCalls: PlainRecord[] = [];
    const problems: Problem[] = [];
    let sql = '';
    for (const piece of pieces) {
      const { span } = piece;
      let produced = '';
      if (piece.kind === 'text') produced = subject.text.slice(span.start, span.end);
      else if (piece.kind === 'config') configCalls.push(piece.values);
      else if (piece.kind === 'this') produced = own;
      else {
        const found =
          phase === 'parse'
            ? undefined
            : piece.kind === 'ref'
              ? this.environment.resolver.ref(piece.call, subject)
              : this.environment.resolver.source(piece.call, subject);
        const inFile = { start: span.start + offset, end: span.end + offset };
        const node = found?.kind === 'found' ? { node: found.node } : {};
        if (piece.kind === 'ref') refs.push({ ...piece.call, span: inFile, ...node });
        else sources.push({ ...piece.call, span: inFile, ...node });
        if (found?.kind === 'missing')
          problems.push(
            toProblem(found.code, found.message, new LineMap(subject.file ?? subject.text).location(subject.path, inFile), found.severity),
          );
        produced =
          found?.kind === 'found' ? this.engine.printRelation(found.relation, adapter) : phase === 'parse' ? own : printMissing(piece);
      }
      sql += produced;
      map.add(produced.length, span, piece.kind === 'text');
    }
    return {
      status: problems.length > 0 ? 'failed' : 'rendered',
      sql,
      map,
      refs,
      sources,
      metrics: [],
      configCalls,
      macrosCalled: [],
      varsRead: [],
      envRead: [],
      queries: [],
      queriesNeeded: [],
      logs: [],
      problems,
    };
  }
}

/** What a template sees of the meaning of a name. */
function toSeen(found: Resolution): unknown {
  return found.kind === 'found' ? [found.node, found.relation] : found.message;
}

/** The texts of the macros that name relations, and of all that their texts mention. */
function namingMacros(macros: readonly Macro[]): readonly string[] {
  const shortName = (name: string) => name.replace(/^.*__/, '');
  const byName = new Map<string, Macro[]>();
  for (const macro of macros)
    if (macro.package !== 'dbt')
      for (const name of new Set([macro.name, shortName(macro.name)])) byName.set(name, [...(byName.get(name) ?? []), macro]);
  const open = ['schema', 'alias', 'database'].flatMap((part) => byName.get(`generate_${part}_name`) ?? []);
  const found = new Set(open);
  for (let macro = open.pop(); macro !== undefined; macro = open.pop())
    for (const [word] of macro.file.slice(macro.span.start, macro.span.end).matchAll(/\w+/g))
      for (const mentioned of byName.get(word) ?? [])
        if (!found.has(mentioned)) {
          found.add(mentioned);
          open.push(mentioned);
        }
  return [...found].map((macro) => `${macro.id} ${macro.file.slice(macro.span.start, macro.span.end)}`);
}

/** The name of what is missing still stands in the SQL, so that the rest of the model can be understood. */
function printMissing(piece: { readonly kind: string; readonly call: { readonly name?: string; readonly table?: string } }): string {
  return `"${piece.call.name ?? piece.call.table ?? ''}"`;
}

export type { RelationName };
