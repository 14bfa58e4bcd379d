import { raise } from './errors.ts';
import { visit } from './work.ts';

/**
 * Python's values: `int` is a number or, past 2^53, a bigint; `float` is a Float; `str`, `bool` and `None` are JavaScript's own;
 * a list is an array and a tuple a Tuple.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Value[]
  | Dict
  | PySet
  | View
  | Iter
  | Range
  | Undefined
  | PyObject
  | Callable;

export type Keywords = ReadonlyMap<string, Value>;

export const noKeywords: Keywords = new Map();

/** A Python callable. */
export interface Callable {
  (args: readonly Value[], keywords: Keywords): Value;
  pyName?: string;
  /** What `f.name` reads, as on macros. */
  attributes?: Readonly<Record<string, Value>>;
}

export class Float {
  constructor(readonly value: number) {}
}

export class Tuple extends Array<Value> {
  /** Slices and maps of a tuple are lists unless made tuples again. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The field names of a named tuple. */
  fields?: readonly string[];
  /** Its type's name, where it prints by its fields. */
  type?: string;
}

export function toTuple(items: Iterable<Value>): Tuple {
  const tuple = new Tuple();
  for (const item of items) tuple.push(item);
  return tuple;
}

/** A name, attribute or item that is not there: prints as nothing, fails when it is used. */
export class Undefined {
  constructor(
    readonly name: string | undefined,
    readonly hint?: string,
    /** Swallows attributes, items and calls, as in dbt's parse phase. */
    readonly chains = false,
  ) {}

  fail(): never {
    raise('UndefinedError', this.hint ?? `'${this.name}' is undefined`);
  }

  /** What an access to it gives. */
  access(): Value {
    return this.chains ? this : this.fail();
  }
}

/** Keeps insertion order and compares keys as Python does: 1, 1.0 and True are one key. */
export class Dict {
  #known = new Map<unknown, [Value, Value]>();
  #unread: (() => Iterable<readonly Value[]>) | undefined;

  constructor(entries?: Iterable<readonly Value[]>) {
    if (entries) for (const [key, value] of entries) this.set(key ?? null, value ?? null);
  }

  /** A dict whose entries are worked out when a template first looks into it. */
  static whenRead(entries: () => Iterable<readonly Value[]>): Dict {
    const dict = new Dict();
    dict.#unread = entries;
    return dict;
  }

  get #entries(): Map<unknown, [Value, Value]> {
    const unread = this.#unread;
    if (unread !== undefined) {
      this.#unread = undefined;
      for (const [key, value] of unread()) this.set(key ?? null, value ?? null);
    }
    return this.#known;
  }

  static of(record: Readonly<Record<string, Value>>): Dict {
    return new Dict(Object.entries(record));
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(hash(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#entries.has(hash(key));
  }

  set(key: Value, value: Value): this {
    const hashed = hash(key);
    const entry = this.#entries.get(hashed);
    if (entry) entry[1] = value;
    else this.#entries.set(hashed, [key, value]);
    return this;
  }

  delete(key: Value): boolean {
    return this.#entries.delete(hash(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  entries(): IterableIterator<[Value, Value]> {
    return this.#entries.values();
  }

  keys(): Value[] {
    return Array.from(this.#entries.values(), (entry) => entry[0]);
  }

  values(): Value[] {
    return Array.from(this.#entries.values(), (entry) => entry[1]);
  }

  items(): Tuple[] {
    return Array.from(this.#entries.values(), toTuple);
  }
}

export class PySet {
  readonly dict = new Dict();

  constructor(items: Iterable<Value> = []) {
    for (const item of items) this.dict.set(item, true);
  }

  get size(): number {
    return this.dict.size;
  }

  has(item: Value): boolean {
    return this.dict.has(item);
  }

  add(item: Value): void {
    this.dict.set(item, true);
  }

  /** In Python's order where all items are small whole numbers; that of other items differs from run to run there, and is that of their coming here. */
  list(): Value[] {
    const items = this.dict.keys();
    return items.length > 1 && items.every((item) => typeof item === 'number' && item >= 0) ? inTableOrder(items as number[]) : items;
  }
}

/** The order in which CPython's table gives whole numbers back, which are their own hashes. */
function inTableOrder(items: readonly number[]): number[] {
  let size = 8;
  let table: (number | undefined)[] = new Array(size);
  const put = (item: number): void => {
    let perturb = BigInt(item);
    let at = item % size;
    for (;;) {
      const last = at + 9 < size ? at + 9 : at;
      for (let slot = at; slot <= last; slot++)
        if (table[slot] === undefined) {
          table[slot] = item;
          return;
        }
      perturb >>= 5n;
      at = Number((BigInt(at) * 5n + 1n + perturb) % BigInt(size));
    }
  };
  for (const [index, item] of items.entries()) {
    put(item);
    const used = index + 1;
    if (used * 5 < (size - 1) * 3) continue;
    const wanted = used > 50_000 ? used * 2 : used * 4;
    const before = table.filter((slot) => slot !== undefined);
    while (size <= wanted) size *= 2;
    table = new Array(size);
    for (const slot of before) put(slot);
  }
  return table.filter((slot) => slot !== undefined);
}

/** `d.keys()`, `d.values()`, `d.items()`: shows the dict as it is when looked at. */
export class View {
  constructor(
    readonly kind: 'keys' | 'values' | 'items',
    readonly dict: Dict,
  ) {}

  list(): Value[] {
    return this.dict[this.kind]();
  }
}

/** An iterator: what it gave is gone. `label` is how Python prints it. */
export class Iter {
  #at = 0;

  constructor(
    readonly items: readonly Value[],
    readonly label = 'generator',
  ) {}

  take(): Value[] {
    const rest = this.items.slice(this.#at);
    this.#at = this.items.length;
    return rest;
  }

  next(): Value | undefined {
    return this.items[this.#at++];
  }
}

/** An iterator that never ends, such as `itertools.count()`: its items are taken one by one, and never all. */
export class Endless extends Iter {
  #next = 0;

  constructor(
    private readonly make: (at: number) => Value,
    label: string,
  ) {
    super([], label);
  }

  override take(): Value[] {
    raise('OverflowError', `${this.label}() never ends: take a number of its items with islice() or zip()`);
  }

  override next(): Value | undefined {
    return this.make(this.#next++);
  }
}

const largestRange = 100_000;

export class Range {
  readonly length: number;

  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    if (step === 0) raise('ValueError', 'range() arg 3 must not be zero');
    this.length = Math.max(0, Math.ceil((stop - start) / step));
    if (this.length > largestRange)
      raise('OverflowError', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${largestRange}).`);
  }

  list(): number[] {
    return Array.from({ length: this.length }, (_, i) => this.start + i * this.step);
  }
}

/** Any other Python object; undefined from a method means that the object cannot do that. */
export class PyObject {
  get typeName(): string {
    return 'object';
  }

  attribute(_name: string): Value | undefined {
    return undefined;
  }

  item(_key: Value): Value | undefined {
    return undefined;
  }

  iterate(): Value[] | undefined {
    return undefined;
  }

  length(): number | undefined {
    return undefined;
  }

  truth(): boolean {
    const length = this.length();
    return length === undefined || length > 0;
  }

  text(): string {
    return this.repr();
  }

  repr(): string {
    return `<${this.typeName} object>`;
  }

  format(_spec: string): string | undefined {
    return undefined;
  }

  contains(_item: Value): boolean | undefined {
    return undefined;
  }

  equals(other: Value): boolean {
    return this === other;
  }

  compare(_other: Value): number | undefined {
    return undefined;
  }

  binary(_operator: string, _right: Value): Value | undefined {
    return undefined;
  }

  reflected(_operator: string, _left: Value): Value | undefined {
    return undefined;
  }

  hashKey(): unknown {
    return this;
  }

  isMapping(): boolean {
    return false;
  }

  isCallable(): boolean {
    return false;
  }

  call(_args: readonly Value[], _keywords: Keywords): Value {
    raise('TypeError', `'${this.typeName}' object is not callable`);
  }
}

/** A bag of attributes under a Python type's name, such as a module; callable when it is given something to call. */
export class PyModule extends PyObject {
  constructor(
    readonly name: string,
    readonly attributes: Readonly<Record<string, Value>>,
    readonly construct?: Callable,
  ) {
    super();
  }

  override get typeName(): string {
    return this.construct ? 'type' : 'module';
  }

  override attribute(name: string): Value | undefined {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  override repr(): string {
    return this.construct ? `<class '${this.name}'>` : `<module '${this.name}'>`;
  }

  override isCallable(): boolean {
    return this.construct !== undefined;
  }

  override call(args: readonly Value[], keywords: Keywords): Value {
    return this.construct ? this.construct(args, keywords) : super.call(args, keywords);
  }
}

/** `namespace()`: the one thing whose attributes a template can set. */
export class Namespace extends PyObject {
  readonly values = new Dict();

  override get typeName(): string {
    return 'Namespace';
  }

  override attribute(name: string): Value | undefined {
    return this.values.get(name);
  }

  override item(key: Value): Value | undefined {
    return this.values.get(key);
  }
}

function hash(key: Value): unknown {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'boolean':
      return key ? 1 : 0;
    case 'number':
    case 'bigint':
    case 'function':
      return key;
  }
  if (key === null) return 'n';
  if (key instanceof Float) return key.value;
  if (key instanceof Tuple)
    return `t${visited(key)
      .map((item) => describeHash(hash(item)))
      .join('\u0001')}`;
  if (Array.isArray(key) || key instanceof Dict || key instanceof PySet) raise('TypeError', `unhashable type: '${typeName(key)}'`);
  if (key instanceof Undefined) return Undefined;
  if (key instanceof PyObject) return key.hashKey();
  return key;
}

function visited<Seen>(value: Seen): Seen {
  visit();
  return value;
}

function describeHash(hashed: unknown): string {
  return typeof hashed === 'object' || typeof hashed === 'function' ? `o${identityOf(hashed as object)}` : String(hashed);
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    identity = ++lastIdentity;
    identities.set(object, identity);
  }
  return identity;
}

/** What Python calls the type, as in its error messages. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    case 'function':
      return 'function';
  }
  if (value === null) return 'NoneType';
  if (value instanceof Float) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Dict) return 'dict';
  if (value instanceof PySet) return 'set';
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof View) return `dict_${value.kind}`;
  if (value instanceof Iter) return value.label;
  if (value instanceof Range) return 'range';
  return value.typeName;
}
