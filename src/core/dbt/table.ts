import { raise } from '../jinja/errors.ts';
import { isInt } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Value } from '../jinja/values.ts';
import { Dict, PyModule, PyObject, Tuple, toTuple } from '../jinja/values.ts';
import type { QueryAnswer } from './environment.ts';
import { fromPlain } from './plain.ts';

/** A sequence whose items also have names: agate's columns, rows and cells. */
class Named extends PyObject {
  constructor(
    readonly type: string,
    readonly names: readonly string[],
    readonly items: readonly Value[],
    readonly extra: Readonly<Record<string, Value>> = {},
  ) {
    super();
  }

  override get typeName(): string {
    return this.type;
  }

  override length(): number {
    return this.items.length;
  }

  override iterate(): Value[] {
    return [...this.items];
  }

  override item(key: Value): Value | undefined {
    if (isInt(key)) return this.items.at(Number(key));
    const name = toText(key);
    const exact = this.names.indexOf(name);
    // A warehouse may fold names to another case than the query writes them in.
    const at = exact === -1 ? this.names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) : exact;
    return at === -1 ? undefined : this.items[at];
  }

  override equals(other: Value): boolean {
    return other === this || (other instanceof Named && other.repr() === this.repr());
  }

  override repr(): string {
    return `<agate.${this.type}: (${this.items.map(toText).join(', ')})>`;
  }

  override attribute(name: string): Value | undefined {
    if (Object.hasOwn(this.extra, name)) return this.extra[name];
    switch (name) {
      case 'keys':
        return () => toTuple(this.names);
      case 'values':
        return () => toTuple(this.items);
      case 'items':
        return () => this.names.map((key, i) => toTuple([key, this.items[i] ?? null]));
      case 'dict':
        return () => new Dict(this.names.map((key, i) => [key, this.items[i] ?? null]));
      case 'get':
        return (args) => this.item(args[0] ?? null) ?? args[1] ?? null;
      default:
        return undefined;
    }
  }
}

/** The result of a query as agate's table, as far as templates use it. */
export class Table extends PyObject {
  readonly names: readonly string[];
  readonly rows: readonly Named[];
  readonly columns: readonly Named[];

  constructor(answer: {
    readonly names: readonly string[];
    readonly types: readonly string[];
    readonly rows: readonly (readonly Value[])[];
  }) {
    super();
    this.names = answer.names;
    this.rows = answer.rows.map((row) => new Named('Row', this.names, row));
    this.columns = this.names.map((name, i) => {
      const values = answer.rows.map((row) => row[i] ?? null);
      const type = new PyModule(answer.types[i] ?? 'Text', {});
      return new Named('Column', values.map(String), values, {
        name,
        index: i,
        data_type: type,
        values_distinct: () => toTuple(new Dict(values.map((value) => [value, true])).keys()),
        values_without_nulls: () => toTuple(values.filter((value) => value !== null)),
      });
    });
  }

  override get typeName(): string {
    return 'Table';
  }

  override length(): number {
    return this.rows.length;
  }

  override iterate(): Value[] {
    return [...this.rows];
  }

  override item(key: Value): Value | undefined {
    return isInt(key) ? this.rows.at(Number(key)) : undefined;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'rows':
        return new Named('MappedSequence', [], this.rows);
      case 'columns':
        return new Named('MappedSequence', this.names, this.columns);
      case 'column_names':
        return toTuple(this.names);
      case 'column_types':
        return toTuple(this.columns.map((column) => column.extra.data_type ?? null));
      case 'print_table':
      case 'print_csv':
        return () => null;
      case 'select':
        return (args) => this.#select(args[0] instanceof Tuple || Array.isArray(args[0]) ? args[0].map(toText) : [toText(args[0] ?? '')]);
      case 'limit':
        return (args) =>
          new Table({ names: this.names, types: [], rows: this.rows.slice(0, Number(toText(args[0] ?? 20))).map((row) => row.items) });
      case 'rename':
        return (_args, keywords) => {
          const names = keywords.get('column_names');
          if (!Array.isArray(names)) raise('TypeError', 'rename needs column_names');
          return new Table({ names: names.map(toText), types: [], rows: this.rows.map((row) => row.items) });
        };
      default:
        return undefined;
    }
  }

  #select(wanted: readonly string[]): Table {
    const indices = wanted.map((name) => this.names.indexOf(name));
    return new Table({ names: wanted, types: [], rows: this.rows.map((row) => indices.map((i) => row.items[i] ?? null)) });
  }
}

/** The table of an answer; column types get agate's names. */
export function toTable(answer: QueryAnswer): Table {
  const rows = answer.rows.map((row) => row.map(fromPlain));
  const types = answer.columns.map((_column, i) => agateType(rows.map((row) => row[i] ?? null)));
  return new Table({ names: answer.columns.map((column) => column.name), types, rows });
}

function agateType(values: readonly Value[]): string {
  const [first] = values.filter((value) => value !== null);
  if (first === undefined || typeof first === 'string') return 'Text';
  if (typeof first === 'boolean') return 'Boolean';
  return isInt(first) ? 'Integer' : 'Number';
}
