import type { Phase, PlainRecord, RelationName, RenderEnvironment, RenderSubject } from '../dbt/environment.ts';
import { extendEnvironment } from '../dbt/environment.ts';
import type { Macro } from '../dbt/macro-library.ts';
import type { Rendering } from '../dbt/render.ts';
import { readStatic } from '../dbt/static-template.ts';
import type { TemplateEngine } from '../dbt/template-engine.ts';
import { toHash } from '../text/hash.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { SegmentMap } from '../text/segment-map.ts';
import { LineMap } from '../text/span.ts';

/** The columns of a relation; undefined where they are not known. */
export type ColumnsOf = NonNullable<RenderEnvironment['columnsOf']>;

interface Remembered {
  readonly textHash: string;
  readonly subjectKey: string;
  /** What the rendering looked at besides its own text, and what it saw. */
  readonly seen: readonly (readonly [string, string])[];
  readonly rendering: Rendering;
}

/** Renderings by what they were made of: a save renders again only what it can change. */
export class RenderMemo {
  readonly #entries = new Map<string, Remembered>();
  readonly #used = new Set<string>();

  find(key: string, textHash: string, subjectKey: string, see: (name: string) => string): Rendering | undefined {
    const entry = this.#entries.get(key);
    this.#used.add(key);
    if (entry === undefined || entry.textHash !== textHash || entry.subjectKey !== subjectKey) return undefined;
    return entry.seen.every(([name, value]) => see(name) === value) ? entry.rendering : undefined;
  }

  remember(
    key: string,
    textHash: string,
    subjectKey: string,
    seen: readonly string[],
    see: (name: string) => string,
    rendering: Rendering,
  ): void {
    this.#entries.set(key, { textHash, subjectKey, seen: seen.map((name) => [name, see(name)] as const), rendering });
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
    this.#macroHashes = new Map(
      environment.macros.macros.map((macro) => [macro.id, toHash(`${macroTexts.get(macro.path) ?? ''}\n${macro.span.start}`)]),
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
    const textHash = toHash(subject.text);
    const subjectKey = this.#subjectKey(subject);
    const see = (name: string) => this.#see(name, subject);
    const known = this.memo.find(key, textHash, subjectKey, see);
    if (known) return known;
    const asked = this.timesAsked();
    const rendering = this.engine.renderNode(this.environment, subject, phase);
    if (this.timesAsked() !== asked) this.#passing.add(rendering);
    if (this.isLasting(rendering)) this.memo.remember(key, textHash, subjectKey, namesSeen(rendering, phase), see, rendering);
    return rendering;
  }

  /** Renders past every question, with those about columns answered as far as `columnsOf` can; `isTold` says that it tells what it told before. */
  sketch(subject: RenderSubject, columnsOf: ColumnsOf, isTold: boolean): Rendering {
    const key = `sketch ${subject.resourceType} ${subject.package} ${subject.name} ${subject.path} ${subject.incremental ?? ''}`;
    const textHash = toHash(subject.text);
    const subjectKey = this.#subjectKey(subject);
    const see = (name: string) => this.#see(name, subject);
    const known = isTold ? this.memo.find(key, textHash, subjectKey, see) : undefined;
    if (known) return known;
    const asked = this.timesAsked();
    const rendering = this.engine.renderNode(extendEnvironment(this.environment, { columnsOf, sketches: true }), subject, 'compile');
    if (this.timesAsked() === asked) this.memo.remember(key, textHash, subjectKey, namesSeen(rendering, 'compile'), see, rendering);
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

  #subjectKey(subject: RenderSubject): string {
    return toHash(JSON.stringify([this.#shared, this.#macroNames, subject.config, subject.relation, subject.offset]));
  }

  #see(name: string, subject: RenderSubject): string {
    const space = name.indexOf(' ');
    const [kind, rest] = [name.slice(0, space), name.slice(space + 1)];
    if (kind === 'macro') return this.#macroHashes.get(rest) ?? '';
    if (kind === 'var') {
      const { invocation, root, packages } = this.environment.vars;
      return JSON.stringify([invocation[rest], root[rest], root[subject.package], packages.get(subject.package)?.[rest]]) ?? '';
    }
    const parts = JSON.parse(rest) as readonly (string | null)[];
    const found =
      kind === 'ref'
        ? this.environment.resolver.ref(
            {
              name: parts[1] as string,
              ...(parts[0] === null ? {} : { package: parts[0] as string }),
              ...(parts[2] === null ? {} : { version: parts[2] as string }),
            },
            subject,
          )
        : this.environment.resolver.source({ source: parts[0] as string, table: parts[1] as string }, subject);
    return found.kind === 'found' ? JSON.stringify([found.node, found.relation]) : found.message;
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

/** What a rendering looked at besides its own text. */
function namesSeen(rendering: Rendering, phase: Phase): readonly string[] {
  const seen = [
    ...rendering.macrosCalled.map((id) => `macro ${id}`),
    ...rendering.varsRead.map((name) => `var ${name}`),
    ...(phase === 'compile'
      ? [
          ...rendering.refs.map((call) => `ref ${JSON.stringify([call.package ?? null, call.name, call.version ?? null])}`),
          ...rendering.sources.map((call) => `source ${JSON.stringify([call.source, call.table])}`),
        ]
      : []),
  ];
  return [...new Set(seen)];
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
