import { findFunction } from '../sql/functions.ts';
import type { CallExpression, Expression, Select, SelectItem } from '../sql/ir.ts';
import { expressionsIn } from './conditions.ts';
import type { JoinedRows, RelationReader } from './joined-rows.ts';
import type { Dependency } from './row-key.ts';

const hashes =
  /^(.*\.)?(md5|md5_hex|md5_binary|md5_number_lower64|sha1|sha1_hex|sha2|sha256|sha512|sha2_hex|hash|farm_fingerprint|hashbytes|xxhash64|xxhash|cityhash64|siphash64|to_hex|hex|generate_surrogate_key)$/;
const unsure =
  /^(.*\.)?(rand|random|uuid|gen_random_uuid|generate_uuid|newid|uuid_string|nextval|randstr|uniform|setseed|generateuuidv4|seq4|seq8|row_number|monotonically_increasing_id)$/;

/** What the expressions of one SELECT stand for: columns of its relations, and values worked out from those. */
export class Terms {
  readonly #added = new Set<string>();
  readonly #open = new Set<Expression>();

  constructor(
    private readonly select: Select,
    readonly rows: JoinedRows,
    private readonly reader: RelationReader,
  ) {}

  /** The term of an expression; the dependencies that follow from it are added to the rows. */
  of(expression: Expression): string {
    if (expression.kind === 'column') {
      const found = this.rows.find(expression);
      if (found !== undefined) return found;
      const item = this.#aliased(expression);
      if (item !== undefined && !this.#open.has(item)) {
        this.#open.add(item);
        const term = this.of(item);
        this.#open.delete(item);
        return term;
      }
    }
    const text = normalize(this.reader.sql.slice(expression.span.start, expression.span.end));
    const term = `=${text}`;
    if (this.#added.has(term)) return term;
    this.#added.add(term);
    for (const dependency of this.#dependenciesOf(term, expression)) this.rows.add(dependency);
    return term;
  }

  /** The attributes that an expression reads. */
  attributesIn(expression: Expression): readonly string[] {
    const found = new Set<string>();
    for (const part of expressionsIn(expression)) {
      if (part.kind !== 'column') continue;
      const term = this.of(part);
      if (!term.startsWith('=')) found.add(term);
    }
    return [...found];
  }

  /** The expression of the SELECT list that a column's name means. */
  #aliased(expression: Extract<Expression, { kind: 'column' }>): Expression | undefined {
    const [name, ...more] = expression.parts;
    const reference = this.reader.resolution.references.get(expression);
    if (name === undefined || more.length > 0 || (reference !== undefined && reference.kind !== 'alias')) return undefined;
    const wanted = name.text.toLowerCase();
    const item = this.select.items.find((one) => one.kind === 'item' && one.alias?.text.toLowerCase() === wanted);
    return item?.kind === 'item' ? item.expression : undefined;
  }

  #dependenciesOf(term: string, expression: Expression): Dependency[] {
    if (expression.kind === 'literal') return [{ from: [], to: [term], isDeclared: false, because: [] }];
    let isPure = true;
    for (const part of expressionsIn(expression)) {
      if (part.kind === 'subquery' || part.kind === 'opaque' || part.kind === 'parameter' || part.kind === 'all-columns') isPure = false;
      if (part.kind === 'in' && !Array.isArray(part.values)) isPure = false;
      if (part.kind === 'call' && (part.over !== undefined || unsure.test(part.name) || isAggregate(part))) isPure = false;
      if (part.kind === 'column' && this.of(part).startsWith('=')) isPure = false;
    }
    if (!isPure) return [];
    const attributes = this.attributesIn(expression);
    const made: Dependency[] = [{ from: attributes, to: [term], isDeclared: false, because: [] }];
    if (attributes.length > 0 && this.#tellsApart(expression, false))
      made.push({
        from: [term],
        to: attributes,
        isDeclared: true,
        because: [
          this.reader.proof(
            `a hash of ${attributes.map((one) => one.replace('\u0001', '.')).join(', ')} is taken to differ where they do`,
            expression.span,
          ),
        ],
      });
    return made;
  }

  /** Whether different inputs give different values: a hash of columns that are joined to one text. */
  #tellsApart(expression: Expression, isInside: boolean): boolean {
    switch (expression.kind) {
      case 'column':
      case 'literal':
        return isInside;
      case 'cast':
        return isInside
          ? /char|string|text|binary|bytes|bytea/i.test(expression.type) && this.#tellsApart(expression.operand, true)
          : this.#tellsApart(expression.operand, false);
      case 'operator':
        return isInside && expression.operator === '||' && expression.operands.every((one) => this.#tellsApart(one, true));
      case 'call': {
        if (hashes.test(expression.name))
          return expression.args.some((one) => this.#tellsApart(one, true)) && expression.args.every((one) => this.#tellsApart(one, true));
        if (!isInside) return false;
        return /^(coalesce|ifnull|nvl|concat|concat_ws|trim|to_varchar|to_char|cast|upper|lower|nullif|encode|to_utf8|convert_to|utf8_encode)$/.test(
          expression.name,
        )
          ? expression.args.every((one) => this.#tellsApart(one, true))
          : false;
      }
      default:
        return false;
    }
  }
}

/** Whether a call makes one value of many rows. */
export function isAggregate(call: CallExpression): boolean {
  return call.over === undefined && isAggregateName(call.name);
}

/** Whether a function of this name makes one value of many rows. */
export function isAggregateName(name: string): boolean {
  return findFunction(name)?.role === 'aggregate';
}

/** Whether an expression holds an aggregate of its own query. */
export function hasAggregate(expression: object | undefined): boolean {
  for (const part of expressionsIn(expression)) if (part.kind === 'call' && isAggregate(part)) return true;
  return false;
}

/** The name of an item's column, lower case. */
export function nameOfItem(item: Extract<SelectItem, { kind: 'item' }>): string | undefined {
  if (item.alias !== undefined) return item.alias.text.toLowerCase();
  let expression = item.expression;
  while (expression.kind === 'cast') expression = expression.operand;
  if (expression.kind === 'column') return expression.parts.at(-1)?.text.toLowerCase();
  if (expression.kind === 'field') return expression.field.text.toLowerCase();
  return expression.kind === 'call' ? expression.name : undefined;
}

function normalize(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase().trim();
}
