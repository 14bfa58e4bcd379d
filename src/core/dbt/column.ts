import { raise } from '../jinja/errors.ts';
import { argument } from '../jinja/protocols.ts';
import { repr, toText } from '../jinja/repr.ts';
import type { Callable, Keywords, Value } from '../jinja/values.ts';
import { PyModule, PyObject } from '../jinja/values.ts';
import type { AdapterTraits } from './adapters.ts';

const integers = new Set([
  'smallint',
  'integer',
  'bigint',
  'smallserial',
  'serial',
  'bigserial',
  'int2',
  'int4',
  'int8',
  'serial2',
  'serial4',
  'serial8',
  'int',
  'int64',
  'tinyint',
  'byteint',
  'hugeint',
  'long',
  'short',
]);
const floats = new Set(['real', 'float4', 'float', 'double precision', 'float8', 'double', 'float64']);
const numerics = new Set(['numeric', 'decimal', 'number', 'bignumeric']);
const strings = new Set(['text', 'character varying', 'character', 'varchar', 'string', 'char', 'nvarchar', 'nchar']);

/** `api.Column`: a column's name and type. */
export class Column extends PyObject {
  readonly base: string;
  readonly size: number | null;
  readonly precision: number | null;
  readonly scale: number | null;

  constructor(
    readonly name: string,
    readonly written: string,
    readonly traits: AdapterTraits,
    sizes: { size?: number | null; precision?: number | null; scale?: number | null } = {},
  ) {
    super();
    const match = /^([^(]+?)\s*\(\s*(\d+)(?:\s*,\s*(-?\d+))?\s*\)\s*$/.exec(written);
    this.base = match?.[1] ?? written;
    const isString = strings.has(this.base.toLowerCase());
    this.size = sizes.size ?? (match && isString ? Number(match[2]) : null);
    this.precision = sizes.precision ?? (match && !isString ? Number(match[2]) : null);
    this.scale = sizes.scale ?? (match?.[3] === undefined ? null : Number(match[3]));
  }

  override get typeName(): string {
    return 'Column';
  }

  get dataType(): string {
    if (this.#is(strings)) return this.size === null ? this.base : `${this.base}(${this.size})`;
    if (this.#is(numerics) && this.precision !== null) return `${this.base}(${this.precision},${this.scale ?? 0})`;
    return this.written;
  }

  override repr(): string {
    return `<Column ${this.name} (${this.dataType})>`;
  }

  override equals(other: Value): boolean {
    return other instanceof Column && other.name === this.name && other.dataType === this.dataType;
  }

  override hashKey(): unknown {
    return `column ${this.name} ${this.dataType}`;
  }

  #is(types: ReadonlySet<string>): boolean {
    return types.has(this.base.toLowerCase());
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
      case 'column':
        return this.name;
      case 'quoted':
        return `${this.traits.quote[0]}${this.name}${this.traits.quote[1]}`;
      case 'dtype':
        return this.base;
      case 'data_type':
      case 'expanded_data_type':
        return this.dataType;
      case 'char_size':
        return this.size;
      case 'numeric_precision':
        return this.precision;
      case 'numeric_scale':
        return this.scale;
      case 'mode':
        return 'NULLABLE';
      case 'is_string':
        return () => this.#is(strings);
      case 'is_integer':
        return () => this.#is(integers);
      case 'is_float':
        return () => this.#is(floats);
      case 'is_numeric':
        return () => this.#is(numerics);
      case 'is_number':
        return () => this.#is(integers) || this.#is(floats) || this.#is(numerics);
      case 'string_size':
        return () => (this.#is(strings) ? (this.size ?? 256) : raise('RuntimeError', 'Called string_size() on non-string field!'));
      case 'can_expand_to':
        return (args) =>
          args[0] instanceof Column && this.#is(strings) && args[0].#is(strings) && (args[0].size ?? 256) > (this.size ?? 256);
      case 'string_type':
        return (args) => `${this.traits.sizedString ?? 'character varying'}(${repr(args[0] ?? null)})`;
      case 'literal':
        return (args) => `${toText(args[0] ?? '')}::${this.dataType}`;
      default:
        return undefined;
    }
  }
}

/** What the adapter's database calls a type. */
export function translateType(traits: AdapterTraits, type: string): string {
  const name = traits.typeNames[type.toUpperCase()] ?? type;
  return traits.lowerTypes === true ? name.toLowerCase() : name;
}

/** The class `api.Column`. */
export function columnClass(traits: AdapterTraits): PyModule {
  const size = (args: readonly Value[], keywords: Keywords, i: number, name: string): number | null => {
    const value = argument(args, keywords, i, name) ?? null;
    return value === null ? null : Number(toText(value));
  };
  const construct: Callable = (args, keywords) => {
    const [name, type] = [argument(args, keywords, 0, 'column'), argument(args, keywords, 1, 'dtype')].map((value) => toText(value ?? ''));
    return new Column(name ?? '', type ?? '', traits, {
      size: size(args, keywords, 2, 'char_size'),
      precision: size(args, keywords, 3, 'numeric_precision'),
      scale: size(args, keywords, 4, 'numeric_scale'),
    });
  };
  return new PyModule(
    'Column',
    {
      create: (args) => new Column(toText(args[0] ?? ''), translateType(traits, toText(args[1] ?? '')), traits),
      translate_type: (args) => translateType(traits, toText(args[0] ?? '')),
      string_type: (args) => `${traits.sizedString ?? 'character varying'}(${toText(args[0] ?? '')})`,
      numeric_type: (args) => {
        const name = traits.numericName ?? toText(args[0] ?? '');
        const isPlain = traits.numericName === 'numeric' || args[1] == null || args[2] == null;
        return isPlain ? name : `${name}(${toText(args[1] ?? '')},${toText(args[2] ?? '')})`;
      },
    },
    construct,
  );
}
