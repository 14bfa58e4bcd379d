import type { Keywords, Value } from '../jinja/values.ts';
import { PyObject } from '../jinja/values.ts';

/**
 * Stands for what is not there, such as a package that is declared and not installed, and for whatever comes out of it: it swallows
 * every access, is empty where it is looped over, and prints as a call of a function that no database has, so that the SQL around it
 * stays readable.
 */
export class MissingValue extends PyObject {
  constructor(
    readonly path: string,
    /** Told once for each macro that was asked for. */
    private readonly tell: (path: string) => void,
  ) {
    super();
  }

  /** The answer to a question that nobody answered. */
  static answer(): MissingValue {
    return new MissingValue('answer', () => {});
  }

  override get typeName(): string {
    return 'missing value';
  }

  override attribute(name: string): Value {
    return new MissingValue(`${this.path}.${name}`, this.tell);
  }

  override item(): Value {
    return this;
  }

  override iterate(): Value[] {
    return [];
  }

  override length(): number {
    return 0;
  }

  override text(): string {
    return `missing__${this.path.replaceAll('.', '__')}()`;
  }

  override binary(): Value {
    return this;
  }

  override reflected(): Value {
    return this;
  }

  override isCallable(): boolean {
    return true;
  }

  override call(_args: readonly Value[], _keywords: Keywords): Value {
    this.tell(this.path);
    return this;
  }
}
