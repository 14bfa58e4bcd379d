import { raise } from '../jinja/errors.ts';
import { argument, isInt } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Callable, Keywords, Value } from '../jinja/values.ts';
import { Dict, PyObject } from '../jinja/values.ts';
import { toProblem } from '../text/problem.ts';
import type { Span } from '../text/span.ts';
import type { Plain, PlainRecord, RefCall, Resolution } from './environment.ts';
import { locationOf, spanOfCall } from './places.ts';
import { fromPlain, toRecord } from './plain.ts';
import type { Session } from './session.ts';

/** `ref`: records the call; in the parse phase it is the node's own relation, whatever it names. */
export function refFunction(session: Session): Callable {
  const ref: Callable = (args, keywords) => {
    const version = keywords.get('version') ?? keywords.get('v') ?? null;
    if (args.length === 0 || args.length > 2) raise('RefArgsError', `ref() takes at most two arguments (${args.length} given)`);
    const [first, second] = args.map(toText);
    const call: RefCall = {
      ...(second === undefined ? {} : { package: first ?? '' }),
      name: second ?? first ?? '',
      ...(version === null ? {} : { version: isInt(version) ? Number(version) : toText(version) }),
    };
    const { subject } = session;
    const span = spanOfCall(session);
    if (!session.executes) {
      session.refs.push({ ...call, span });
      return session.relation(subject.relation);
    }
    const found = session.environment.resolver.ref(call, subject);
    session.refs.push({ ...call, span, ...(found.kind === 'found' ? { node: found.node } : {}) });
    return found.kind === 'found' ? session.referred(found.relation) : missing(session, found, span, call.name);
  };
  ref.attributes = {
    get config() {
      return runtimeConfig(session);
    },
  };
  return ref;
}

/** What packages read of dbt's own configuration by way of `builtins.ref.config`. */
function runtimeConfig({ environment }: Session): Value {
  const { projectName, target, packages = [] } = environment;
  return fromPlain({
    project_name: projectName,
    target_name: target.name,
    profile_name: target.profileName ?? projectName,
    threads: target.threads ?? 1,
    dependencies: Object.fromEntries(packages.map(({ name, version }) => [name, { project_name: name, version }])),
  });
}

/** `source`, likewise. */
export function sourceFunction(session: Session): Callable {
  return (args) => {
    if (args.length !== 2) raise('CompilationError', `source() takes exactly two arguments (${args.length} given)`);
    const call = { source: toText(args[0] as Value), table: toText(args[1] as Value) };
    const span = spanOfCall(session);
    if (!session.executes) {
      session.sources.push({ ...call, span });
      return session.relation(session.subject.relation);
    }
    const found = session.environment.resolver.source(call, session.subject);
    session.sources.push({ ...call, span, ...(found.kind === 'found' ? { node: found.node } : {}) });
    return found.kind === 'found' ? session.referred(found.relation) : missing(session, found, span, call.table, call.source);
  };
}

/** `metric`: prints as its name. */
export function metricFunction(session: Session): Callable {
  return (args) => {
    const [first = '', second] = args.map(toText);
    session.metrics.push(second === undefined ? { name: first } : { package: first, name: second });
    return second ?? first;
  };
}

/** `function`: the name of a function in the target's schema; what `functions/` declares is not read, and that is said. */
export function functionFunction(session: Session): Callable {
  return (args) => {
    if (args.length === 0 || args.length > 2) raise('CompilationError', `function() takes at most two arguments (${args.length} given)`);
    const name = toText(args.at(-1) ?? '');
    const { schema, database } = session.environment.target;
    if (session.executes) {
      const message = `The function '${name}' is taken to be in the schema of the target: declarations of functions are not read.`;
      session.problems.push(toProblem('function-assumed', message, locationOf(session.subject, spanOfCall(session)), 'info'));
    }
    return session.relation({ identifier: name, schema, ...(database === undefined ? {} : { database }) });
  };
}

/** A name that means nothing is a problem, and stands for a relation of that name so that the rest can still be read. */
function missing(session: Session, found: Resolution & { kind: 'missing' }, span: Span, identifier: string, schema?: string): Value {
  session.problems.push(toProblem(found.code, found.message, locationOf(session.subject, span), found.severity));
  const { relation } = session.subject;
  const ownSchema = schema ?? relation.schema;
  return session.relation({
    identifier,
    ...(ownSchema === undefined ? {} : { schema: ownSchema }),
    ...(relation.database === undefined ? {} : { database: relation.database }),
  });
}

/** `config`: a call records and prints nothing; `get` and `require` read what is resolved. */
export function configObject(session: Session): Value {
  return new ConfigObject(session);
}

function isRecord(value: Plain | undefined): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class ConfigObject extends PyObject {
  constructor(readonly session: Session) {
    super();
  }

  override isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], keywords: Keywords): Value {
    const [first] = args;
    if (first !== undefined && !(first instanceof Dict)) raise('CompilationError', 'Invalid inline model config');
    if (first instanceof Dict && keywords.size > 0) raise('CompilationError', 'Invalid inline model config');
    this.session.configCalls.push(toRecord(first instanceof Dict ? first.entries() : keywords));
    return '';
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'get':
        return (args, keywords) => this.#get(toText(argument(args, keywords, 0, 'name') ?? ''), argument(args, keywords, 1, 'default'));
      case 'require':
        return (args) => this.#require(toText(args[0] ?? ''));
      case 'set':
        return (args) => this.call([Dict.of({ [toText(args[0] ?? '')]: args[1] ?? null })], new Map());
      case 'meta_get':
        return (args, keywords) =>
          this.#meta(toText(argument(args, keywords, 0, 'name') ?? '')) ?? argument(args, keywords, 1, 'default') ?? null;
      case 'meta_require':
        return (args) =>
          this.#meta(toText(args[0] ?? '')) ??
          raise(
            'MissingConfigError',
            `Model '${this.session.subject.name}' does not define a required config parameter '${toText(args[0] ?? '')}'.`,
          );
      case 'persist_relation_docs':
      case 'persist_column_docs':
        return () => false;
      case 'model':
        return this.session.contextValue('model');
      default:
        return undefined;
    }
  }

  override item(key: Value): Value | undefined {
    return this.#find(toText(key));
  }

  #find(name: string): Value | undefined {
    const { config } = this.session.subject;
    const { meta } = config;
    // What is no key of dbt's is looked for in meta, where such keys have moved.
    const value = config[name] ?? (isRecord(meta) ? meta[name] : undefined) ?? config[name];
    return value === undefined ? undefined : fromPlain(value);
  }

  #meta(name: string): Value | undefined {
    if (!this.session.executes) return '';
    const meta = this.#find('meta');
    return meta instanceof Dict ? meta.get(name) : undefined;
  }

  #get(name: string, otherwise: Value | undefined): Value {
    if (!this.session.executes) return '';
    const value = this.#find(name);
    return value === undefined ? (otherwise ?? null) : value;
  }

  #require(name: string): Value {
    if (!this.session.executes) return '';
    return (
      this.#find(name) ??
      raise('MissingConfigError', `Model '${this.session.subject.name}' does not define a required config parameter '${name}'.`)
    );
  }
}
