import { raise } from '../jinja/errors.ts';
import { isTruthy } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Callable, Keywords, Value } from '../jinja/values.ts';
import { Dict, PyModule, PyObject, toTuple } from '../jinja/values.ts';
import type { AdapterTraits, PartFlags } from './adapters.ts';
import type { RelationName } from './environment.ts';

type Part = keyof PartFlags;
const parts: readonly Part[] = ['database', 'schema', 'identifier'];
const fields = ['path', 'type', 'quote_character', 'include_policy', 'quote_policy', 'dbt_created'];

interface RelationState {
  readonly name: RelationName;
  readonly include: PartFlags;
  readonly quoted: PartFlags;
}

/** A relation as templates handle it: prints as its quoted name, and is a mapping and a dict key. */
export class Relation extends PyObject {
  readonly state: RelationState;

  constructor(
    name: RelationName,
    readonly traits: AdapterTraits,
    state?: Partial<RelationState>,
  ) {
    super();
    const quoted = { ...traits.quoted, ...name.quoting };
    this.state = { name, include: traits.include, quoted, ...state };
  }

  get name(): RelationName {
    return this.state.name;
  }

  override get typeName(): string {
    return this.traits.relationClass;
  }

  override text(): string {
    const { name, include } = this.state;
    if (name.rendered !== undefined) return name.rendered;
    return parts
      .filter((part) => include[part] && this.#part(part) !== null)
      .map((part) => this.#print(part))
      .join('.');
  }

  override repr(): string {
    return `<${this.typeName} ${this.text()}>`;
  }

  #part(part: Part): string | null {
    return this.state.name[part] || null;
  }

  #print(part: Part): string {
    const text = this.#part(part) ?? '';
    const [open, close] = this.traits.quote;
    return this.state.quoted[part] ? `${open}${text}${close}` : text;
  }

  #with(change: { name?: Partial<RelationName>; include?: PartFlags; quoted?: PartFlags }): Relation {
    const { rendered: _rendered, ...name } = { ...this.state.name, ...change.name };
    return new Relation(name, this.traits, { include: change.include ?? this.state.include, quoted: change.quoted ?? this.state.quoted });
  }

  override equals(other: Value): boolean {
    return other instanceof Relation && other.text() === this.text() && other.name.type === this.name.type;
  }

  override hashKey(): unknown {
    return `relation ${this.text()}`;
  }

  override isMapping(): boolean {
    return true;
  }

  override length(): number {
    return fields.length;
  }

  override iterate(): Value[] {
    return [...fields];
  }

  override contains(item: Value): boolean {
    return typeof item === 'string' && fields.includes(item);
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.attribute(key) : undefined;
  }

  override attribute(name: string): Value | undefined {
    const { name: relation } = this.state;
    const type = relation.type ?? null;
    switch (name) {
      case 'database':
        return this.#part('database');
      case 'schema':
        return this.#part('schema');
      case 'identifier':
      case 'name':
      case 'table':
        return this.#part('identifier');
      case 'type':
        return type;
      case 'is_table':
      case 'is_view':
      case 'is_cte':
      case 'is_pointer':
      case 'is_materialized_view':
      case 'is_dynamic_table':
        return type === name.slice(3);
      case 'is_delta':
      case 'is_hudi':
      case 'is_iceberg':
        return false;
      case 'can_be_renamed':
      case 'can_be_replaced':
        return type === 'table' || type === 'view';
      case 'path':
      case 'include_policy':
      case 'quote_policy':
        return this.#policy(name);
      case 'quote_character':
        return this.traits.quote[0];
      case 'dbt_created':
        return false;
      case 'metadata':
        return Dict.of({ type: this.typeName });
      case 'project':
        return this.#part('database');
      case 'dataset':
        return this.#part('schema');
      default:
        return this.#method(name);
    }
  }

  #policy(name: 'path' | 'include_policy' | 'quote_policy'): Value {
    const flags = name === 'include_policy' ? this.state.include : this.state.quoted;
    return Dict.of(Object.fromEntries(parts.map((part) => [part, name === 'path' ? this.#part(part) : flags[part]])));
  }

  #method(name: string): Callable | undefined {
    switch (name) {
      case 'render':
        return () => this.text();
      case 'relation_max_name_length':
        return () => this.traits.nameLength ?? raise('AttributeError', `'${this.typeName} object' has no attribute '${name}'`);
      case 'is_hive_metastore':
        return () => (this.#part('database') ?? 'hive_metastore').toLowerCase() === 'hive_metastore';
      case 'include':
        return (args, keywords) => this.#with({ include: changed(this.state.include, args, keywords) });
      case 'quote':
        return (args, keywords) => this.#with({ quoted: changed(this.state.quoted, args, keywords) });
      case 'without_identifier':
        return () => this.#with({ include: { ...this.state.include, identifier: false } });
      case 'incorporate':
      case 'replace_path':
        return (_args, keywords) => this.#incorporate(keywords);
      case 'matches':
        return (args, keywords) => parts.every((part, i) => sameName(args[i] ?? keywords.get(part), this.#part(part)));
      case 'quoted':
        return (args) => `${this.traits.quote[0]}${toText(args[0] ?? '')}${this.traits.quote[1]}`;
      case 'information_schema':
        return (args) => this.#informationSchema(args[0]);
      case 'information_schema_only':
        return () => this.#informationSchema(undefined);
      case 'get':
        return (args) => this.attribute(toText(args[0] ?? '')) ?? args[1] ?? null;
      case 'keys':
        return () => [...fields];
      case 'values':
        return () => fields.map((field) => this.attribute(field) ?? null);
      case 'items':
        return () => fields.map((field) => toTuple([field, this.attribute(field) ?? null]));
      case 'to_dict':
        return () => Dict.of(Object.fromEntries(fields.map((field) => [field, this.attribute(field) ?? null])));
      default:
        return undefined;
    }
  }

  #incorporate(keywords: Keywords): Relation {
    const path = keywords.get('path');
    const type = keywords.get('type');
    const named = new Map<string, Value>(keywords);
    if (path instanceof Dict) for (const [key, value] of path.entries()) named.set(toText(key), value);
    const changes = parts.filter((part) => named.has(part)).map((part) => [part, toText(named.get(part) ?? '')]);
    return this.#with({ name: { ...Object.fromEntries(changes), ...(type ? { type: toText(type) } : {}) } });
  }

  #informationSchema(viewName: Value | undefined): Relation {
    const { database } = this.state.name;
    const name: RelationName = {
      ...(database === undefined ? {} : { database }),
      schema: 'INFORMATION_SCHEMA',
      identifier: viewName ? toText(viewName) : '',
    };
    return new Relation(name, this.traits, { quoted: { ...this.state.quoted, schema: false, identifier: false } });
  }
}

function changed(flags: PartFlags, args: readonly Value[], keywords: Keywords): PartFlags {
  const unknown = [...keywords.keys()].find((key) => !(parts as readonly string[]).includes(key));
  if (unknown !== undefined) raise('TypeError', `got an unexpected keyword argument '${unknown}'`);
  const entries = parts.map((part, i) => [part, args[i] ?? keywords.get(part) ?? null] as const);
  return { ...flags, ...Object.fromEntries(entries.filter(([, value]) => value !== null).map(([part, value]) => [part, isTruthy(value)])) };
}

function sameName(wanted: Value | undefined, own: string | null): boolean {
  return wanted === undefined || wanted === null || toText(wanted).toLowerCase() === (own ?? '').toLowerCase();
}

/** `api.Relation`: the class, with `create`. */
export function relationClass(traits: AdapterTraits): PyModule {
  const create: Callable = (args, keywords) => {
    const get = (part: string, i: number): string | undefined => {
      const value = keywords.get(part) ?? args[i] ?? null;
      return value === null ? undefined : toText(value);
    };
    const database = get('database', 0);
    const schema = get('schema', 1);
    const type = get('type', 3);
    const relation = new Relation(
      {
        identifier: get('identifier', 2) ?? '',
        ...(database === undefined ? {} : { database }),
        ...(schema === undefined ? {} : { schema }),
        ...(type === undefined ? {} : { type }),
      },
      traits,
    );
    const policy = keywords.get('quote_policy');
    const method = relation.attribute('quote');
    if (!(policy instanceof Dict) || typeof method !== 'function') return relation;
    return method([], new Map(Array.from(policy.entries(), ([key, value]) => [toText(key), value])));
  };
  const types = Object.fromEntries(['Table', 'View', 'CTE', 'External', 'MaterializedView'].map((name) => [name, name.toLowerCase()]));
  return new PyModule(traits.relationClass, { create, ...types, get_relation_type: new PyModule('RelationType', types) }, create);
}
