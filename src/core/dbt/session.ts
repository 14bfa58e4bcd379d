import { Budget } from '../jinja/budget.ts';
import { raise } from '../jinja/errors.ts';
import { bindMacro } from '../jinja/macro.ts';
import { toText } from '../jinja/repr.ts';
import { Output, Runtime, Scope } from '../jinja/runtime.ts';
import { compileTemplate } from '../jinja/template.ts';
import type { Callable, Value } from '../jinja/values.ts';
import { PyObject, toTuple } from '../jinja/values.ts';
import type { Problem } from '../text/problem.ts';
import type { AdapterTraits } from './adapters.ts';
import { dispatchPrefixes, traitsOf } from './adapters.ts';
import { contextNames, makeContextValue } from './context.ts';
import type { Phase, PlainRecord, QueryAnswer, RelationName, RenderEnvironment, RenderSubject } from './environment.ts';
import type { Macro } from './macro-library.ts';
import { MissingValue } from './missing-package.ts';
import { Relation } from './relation.ts';
import type { RecordedRef, RecordedSource } from './rendering.ts';
import { NeedsData, ReturnSignal } from './stops.ts';

/** One rendering in progress: what it may see, and what it has done. */
export class Session {
  readonly traits: AdapterTraits;
  readonly budget: Budget;
  readonly runtime: Runtime;
  readonly refs: RecordedRef[] = [];
  readonly sources: RecordedSource[] = [];
  readonly metrics: { name: string; package?: string }[] = [];
  readonly configCalls: PlainRecord[] = [];
  readonly macrosCalled = new Set<string>();
  readonly varsRead = new Set<string>();
  readonly envRead = new Set<string>();
  /** The variables of the environment that have no value, whose names stand for it. */
  readonly missingEnv = new Set<string>();
  readonly queries: string[] = [];
  readonly queriesNeeded: string[] = [];
  readonly logs: string[] = [];
  readonly problems: Problem[] = [];
  readonly results = new Map<string, Value>();
  /** The macros that ran when an error came, by id. */
  readonly macrosById = new Map<string, Macro>();
  readonly #missing = new Set<string>();
  readonly #bound = new Map<Macro, Callable>();
  /** The members of dbt's context that were read. */
  readonly #context = new Map<string, Value>();
  readonly #values = new Map<string, Value>();

  constructor(
    readonly environment: RenderEnvironment,
    readonly subject: RenderSubject,
    readonly phase: Phase,
  ) {
    this.traits = traitsOf(environment.target.type);
    this.budget = new Budget(environment.limits);
    this.runtime = new Runtime((name) => this.lookUp(name), this.budget, phase === 'parse');
  }

  get executes(): boolean {
    return this.phase === 'compile';
  }

  /** A name as dbt resolves it: macros of the node's package and of the root, packages, dbt's macros, then the context. */
  lookUp(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const { macros, projectName } = this.environment;
    const macro = macros.macrosOf(this.subject.package)?.get(name) ?? macros.macrosOf(projectName)?.get(name);
    const value = macro ? this.bind(macro) : this.#packageOrContext(name);
    if (value !== undefined) this.#values.set(name, value);
    return value;
  }

  /** Puts a name into the context for the rest of the rendering, as `context.update(…)` does. */
  assign(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  #packageOrContext(name: string): Value | undefined {
    if (this.environment.macros.macrosOf(name)) return new PackageNamespace(name, this);
    const own = this.environment.macros.macrosOf('dbt')?.get(name);
    if (own) return this.bind(own);
    const missing = this.environment.missingPackages;
    return missing?.has(name) ? this.standIn(name) : (this.contextValue(name) ?? this.#broughtAlong(name));
  }

  /** What stands for a package that is not installed, or for a macro of it that nothing stands in for. */
  standIn(name: string): MissingValue {
    return new MissingValue(name, (path) => this.#missing.add(path));
  }

  /** A name that nothing defines and that is used as a package: one that is not installed would have brought it along. */
  #broughtAlong(name: string): MissingValue | undefined {
    if ((this.environment.missingPackages?.size ?? 0) === 0) return undefined;
    const called = [...this.macrosCalled].map((id) => this.macrosById.get(id)?.compiled().text.text ?? '');
    const use = new RegExp(`\\b${name}\\.\\w+\\s*\\(`);
    return [this.subject.text, ...called].some((text) => use.test(text)) ? this.standIn(name) : undefined;
  }

  /** A member of the context itself, whatever macros are called so. */
  contextValue(name: string): Value | undefined {
    const known = this.#context.get(name);
    if (known !== undefined) return known;
    const value = makeContextValue(this, name);
    if (value !== undefined) this.#context.set(name, value);
    return value;
  }

  /** The macros of packages that are not installed which the template called. */
  get missing(): ReadonlySet<string> {
    return this.#missing;
  }

  contextNames(): Iterable<string> {
    return contextNames;
  }

  relation(name: RelationName): Relation {
    return new Relation(name, this.traits);
  }

  /** What `ref` and `source` give: on some adapters without the database. */
  referred(name: RelationName): Relation {
    const include = { ...this.traits.include, database: false };
    return new Relation(name, this.traits, this.traits.refWithoutDatabase === true ? { include } : {});
  }

  /** A macro as a value: `return` in it ends it. */
  bind(macro: Macro): Callable {
    const bound = this.#bound.get(macro);
    if (bound) return bound;
    const { parts } = macro.compiled();
    const runtime = new Runtime((name) => this.lookUp(name), this.budget);
    const inner = bindMacro(parts, { scope: new Scope(), runtime });
    const call: Callable = (args, keywords) => {
      this.macrosCalled.add(macro.id);
      try {
        return inner(args, keywords);
      } catch (error) {
        if (error instanceof ReturnSignal) return error.value;
        throw error;
      }
    };
    const callable = this.executes && (macro.name === 'ref' || macro.name === 'source') ? this.#notingNames(call) : call;
    this.macrosById.set(macro.id, macro);
    callable.pyName = macro.name;
    if (inner.attributes) callable.attributes = inner.attributes;
    this.#bound.set(macro, callable);
    return callable;
  }

  /** A project's own `ref` or `source`, which may give any name for the relation that dbt's own gave it. */
  #notingNames(call: Callable): Callable {
    return (args, keywords) => {
      const [refs, sources] = [this.refs.length, this.sources.length];
      const value = call(args, keywords);
      const printed = toText(value).trim();
      if (this.refs.length + this.sources.length - refs - sources !== 1) return value;
      for (const [list, from] of [
        [this.refs, refs],
        [this.sources, sources],
      ] as const) {
        const last = list.at(-1);
        if (list.length > from && last !== undefined) list[list.length - 1] = { ...last, printed } as RecordedRef & RecordedSource;
      }
      return value;
    };
  }

  /** `adapter.dispatch`: every prefix in one package before the next. */
  dispatch(name: string, namespace: string | undefined): Callable {
    const { environment } = this;
    const { macros, projectName } = environment;
    const order = namespace === undefined ? undefined : (environment.dispatch.get(namespace) ?? [projectName, namespace]);
    const attempts: string[] = [];
    for (const place of order ?? [undefined])
      for (const prefix of dispatchPrefixes(environment.target.type)) {
        const wanted = `${prefix}__${name}`;
        attempts.push(place === undefined ? wanted : `${place}.${wanted}`);
        const macro = place === undefined ? macros.find(wanted, this.subject.package) : macros.macrosOf(place)?.get(wanted);
        if (macro) return this.bind(macro);
      }
    return raise(
      'CompilationError',
      `In dispatch: No macro named '${name}' found. Searched for: ${attempts.map((attempt) => `'${attempt}'`).join(', ')}`,
    );
  }

  /** Runs a query through whoever answers; stops the rendering where nobody does. */
  query(sql: string): QueryAnswer {
    this.queries.push(sql);
    const answer = this.environment.runQuery?.(sql);
    if (answer) return answer;
    return this.needData(sql);
  }

  /** Stops the rendering with what would have to be known. */
  needData(sql: string): never {
    this.queriesNeeded.push(sql);
    throw new NeedsData(sql);
  }

  /** What a question gives; where the text is only sketched, an unanswered one gives what stands for its answer. */
  ask<Answer extends Value>(question: () => Answer): Answer | MissingValue {
    try {
      return question();
    } catch (error) {
      if (error instanceof NeedsData && this.environment.sketches === true) return MissingValue.answer();
      throw error;
    }
  }

  /** Renders a text that stands in a value, such as a var that holds Jinja. */
  renderText(text: string, name: string): string {
    if (!text.includes('{{') && !text.includes('{%') && !text.includes('{#')) return text;
    const out = new Output(this.budget);
    compileTemplate(text, name).renderInto(out, new Runtime((found) => this.lookUp(found), this.budget));
    return out.text;
  }
}

/** The macros of a package, as `dbt_utils.star` reaches them. */
class PackageNamespace extends PyObject {
  constructor(
    readonly name: string,
    readonly session: Session,
  ) {
    super();
  }

  override get typeName(): string {
    return 'dict';
  }

  override attribute(name: string): Value | undefined {
    const method: Callable | undefined =
      name === 'get'
        ? (args) => this.item(args[0] ?? null) ?? args[1] ?? null
        : name === 'keys'
          ? () => this.iterate()
          : name === 'items'
            ? () => this.iterate().map((key) => toTuple([key, this.item(key) ?? null]))
            : undefined;
    return method ?? this.item(name);
  }

  override item(key: Value): Value | undefined {
    const { macros, missingPackages } = this.session.environment;
    const macro = macros.macrosOf(this.name)?.get(toText(key));
    if (macro !== undefined) return this.session.bind(macro);
    // What stands in for a package does not know all of it.
    return missingPackages?.has(this.name) ? this.session.standIn(this.name).attribute(toText(key)) : undefined;
  }

  override iterate(): Value[] {
    return [...(this.session.environment.macros.macrosOf(this.name)?.keys() ?? [])];
  }

  override isMapping(): boolean {
    return true;
  }

  override contains(item: Value): boolean {
    return this.item(item) !== undefined;
  }
}
