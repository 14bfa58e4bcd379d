import { quote } from '../../engine/work.ts';
import type { Expression, Relation } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import type { Span } from '../../text/span.ts';
import { hasAggregate } from '../../translate/emit-aggregate.ts';
import { type Given, showGiven, toCondition } from './condition.ts';
import { withoutAliases } from './group-keys.ts';
import { columnsRead, itemOf } from './item-of.ts';
import { windowsIn } from './probes.ts';
import { RowSets } from './row-sets.ts';
import type { Input, SelectStage, Stage } from './stage.ts';
import { visibleNames } from './tables.ts';
import type { TakingApart } from './take-apart.ts';
import { itemOf as asItem, findKind, numberOf, ours, queryOf } from './tree.ts';

/** Where a row is lost, or the relation in which to look on. */
export type Loss =
  | { readonly kind: 'lost'; readonly step: string; readonly because: string; readonly span: Span }
  | { readonly kind: 'before'; readonly node: NodeId; readonly given: readonly Given[] };

/** Finds where the rows with given values are lost on their way through a query. */
export class Losses {
  readonly #sets: RowSets;

  constructor(
    private readonly apart: TakingApart,
    prefix: string,
  ) {
    this.#sets = new RowSets(apart.inside.builder.engine, prefix);
  }

  async drop(): Promise<void> {
    await this.#sets.drop();
  }

  async find(stage: Stage, given: readonly Given[]): Promise<readonly Loss[]> {
    const label = stage.name === '' ? 'the query' : stage.name;
    if (stage.kind === 'opaque') return [lost(label, `It is not followed here: ${stage.because}.`, stage.span)];
    if (stage.kind === 'set') {
      const names = visibleNames(stage.table);
      const found: Loss[] = [];
      for (const branch of stage.branches) {
        const own = visibleNames(branch.table);
        found.push(
          ...(await this.find(
            branch,
            given.map(({ column, value }) => ({ column: own[indexOf(names, column)] ?? column, value })),
          )),
        );
      }
      return found;
    }
    return this.#select(stage, given, label);
  }

  async #select(stage: SelectStage, given: readonly Given[], label: string): Promise<readonly Loss[]> {
    const { select, inputs } = stage;
    const { dialect } = this.apart.inside.builder.snapshot.project;
    const wanted = given.flatMap((one) => {
      const item = itemOf(stage, one.column);
      return item === undefined ? [] : [{ ...one, expression: withoutAliases(item, select.items, inputs) }];
    });
    const early = wanted.filter(({ expression }) => !hasAggregate(dialect, expression) && windowsIn([expression]).length === 0);
    const before = await this.#before(stage, early);
    if (before !== undefined) return before;
    return (await this.#joins(stage, early, label)) ?? (await this.#filters(stage, early, label)) ?? [this.#late(stage, wanted, label)];
  }

  /** Goes on in an input that has no row with the values, where columns are taken over as they are. */
  async #before(stage: SelectStage, early: readonly Sought[]): Promise<readonly Loss[] | undefined> {
    for (const [at, input] of stage.inputs.entries()) {
      const own = early.flatMap(({ expression, value }): Given[] => {
        if (expression.kind !== 'column') return [];
        const name = [...(columnsRead(stage.inputs, [expression]).get(at) ?? [])][0];
        return name === undefined ? [] : [{ column: input.sourceColumns[indexOf(input.columns, name)] ?? name, value }];
      });
      if (own.length === 0 || (await this.#has(input, own))) continue;
      const { source } = input;
      return source.kind === 'node' ? [{ kind: 'before', node: source.id, given: own }] : this.find(source, own);
    }
    return undefined;
  }

  async #has({ source }: Input, given: readonly Given[]): Promise<boolean> {
    return hasRow(this.apart, source.table, given);
  }

  /** Adds one relation of FROM after the other, until no row is left. */
  async #joins(stage: SelectStage, early: readonly Sought[], label: string): Promise<readonly Loss[] | undefined> {
    const { inputs, tables } = stage;
    const prefixes = stage.select.from.flatMap((relation) => prefixesOf(relation));
    let upTo: readonly Relation[] = [];
    let known = 0;
    for (const { relation, on, span, isFirst } of prefixes) {
      upTo = isFirst ? [...upTo, relation] : [...upTo.slice(0, -1), relation];
      const here = inputs.filter((input) => containsSpan(upTo, input.span)).length;
      const seen = inputs.slice(0, here);
      const sought = early.filter(({ expression }) => [...columnsRead(inputs, [expression]).keys()].every((at) => at < here));
      const rows = await this.#count(upTo, sought, tables);
      if (rows > 0 || here === 0) {
        known = here;
        continue;
      }
      const added = inputs.slice(known, here);
      const names = added.map(nameOf).join(', ');
      if (known === 0) return [lost(label, `No row of ${names} has ${this.#sought(sought)}.`, span)];
      if (on === undefined && added.length > 0 && sought.length === 0) return [lost(label, `'${names}' has no rows.`, span)];
      return [lost(label, await this.#whyNoPartner(stage, on, early, seen, known, names), span)];
    }
    return undefined;
  }

  async #whyNoPartner(
    stage: SelectStage,
    on: Expression | undefined,
    early: readonly Sought[],
    seen: readonly Input[],
    known: number,
    names: string,
  ): Promise<string> {
    const equal = [...findKind(on, 'operator')].find((one) => one.operator === '=') ?? undefined;
    const sides = equal?.operands ?? [];
    const added = new Set([...seen.keys()].filter((at) => at >= known));
    const reads = (side: Expression): readonly number[] => [...columnsRead(stage.inputs, [side]).keys()];
    // The side whose rows are there: that of the relation which holds the values that are looked for.
    const soughtAt = new Set(early.flatMap(({ expression }) => [...columnsRead(stage.inputs, [expression]).keys()]));
    const holder =
      sides.find((side) => reads(side).some((at) => soughtAt.has(at))) ?? sides.find((side) => reads(side).every((at) => !added.has(at)));
    const partner = reads(sides.find((side) => side !== holder) ?? numberOf(0))
      .flatMap((at) => stage.inputs[at] ?? [])
      .map(nameOf);
    const where = partner.length > 0 ? partner.join(', ') : names;
    const condition = on === undefined ? '' : this.#text(on.span);
    if (holder === undefined) return `Lost at the join with ${names}: no row fulfils ${condition}.`;
    const values = await this.#valuesOf(stage, holder, early);
    return `Lost at this join: no partner for ${this.#text(holder.span)} = ${values} in ${where}.`;
  }

  /** The values that an expression has in the rows that are looked for, in the relation that it reads. */
  async #valuesOf(stage: SelectStage, expression: Expression, early: readonly Sought[]): Promise<string> {
    const reads = new Set(columnsRead(stage.inputs, [expression]).keys());
    const prefixes = stage.select.from.flatMap((relation) => prefixesOf(relation));
    for (const { own } of prefixes) {
      const inside = [...stage.inputs.entries()].filter(([, input]) => containsSpan([own], input.span)).map(([at]) => at);
      if (![...reads].every((at) => inside.includes(at))) continue;
      const sought = early.filter((one) => [...columnsRead(stage.inputs, [one.expression]).keys()].every((at) => inside.includes(at)));
      const table = await this.#probe([own], [...sought.map(({ expression }) => expression), expression], stage.tables);
      const column = table.columns.at(-1)?.name ?? '';
      const { rows } = await this.apart.inside.builder.engine.query(
        `select distinct ${quote(column)} from ${quote(table.physical)}${whereOf(table, sought)}`,
        { offset: 0, limit: 4 },
      );
      return rows.length === 0
        ? 'any value'
        : rows
            .slice(0, 3)
            .map(([value]) => (value === null ? 'NULL' : String(value)))
            .join(', ') + (rows.length > 3 ? ', …' : '');
    }
    return 'these rows';
  }

  /** Adds one condition of WHERE after the other, until no row is left. */
  async #filters(stage: SelectStage, early: readonly Sought[], label: string): Promise<readonly Loss[] | undefined> {
    const { select, inputs, tables } = stage;
    if (select.where === undefined) return undefined;
    const where = withoutAliases(select.where, select.items, inputs);
    const parts = where.kind === 'operator' && where.operator === 'and' ? where.operands : [where];
    const table = await this.#probe(select.from, [...early.map(({ expression }) => expression), ...parts], tables);
    let conditions = whereOf(table, early);
    for (const [at, part] of parts.entries()) {
      const column = quote(table.columns[early.length + at]?.name ?? '');
      const next = `${conditions === '' ? ' where' : `${conditions} and`} ${column}`;
      if ((await this.#sets.readRows(`select 1 from ${quote(table.physical)}${next} limit 1`)).length > 0) {
        conditions = next;
        continue;
      }
      const seen = await this.#seen(stage, part, early);
      return [lost(label, `Filtered by ${this.#text(part.span)}${seen}.`, part.span)];
    }
    return undefined;
  }

  /** What the columns of a condition hold in the rows that are looked for: ` (status is open)`. */
  async #seen(stage: SelectStage, part: Expression, early: readonly Sought[]): Promise<string> {
    const columns = [...findKind(part, 'column', (node) => node.kind !== 'query')];
    const unique = columns
      .filter((one, at) => columns.findIndex((other) => this.#text(other.span) === this.#text(one.span)) === at)
      .slice(0, 3);
    if (unique.length === 0) return '';
    const table = await this.#probe(stage.select.from, [...early.map(({ expression }) => expression), ...unique], stage.tables);
    const said: string[] = [];
    for (const [at, column] of unique.entries()) {
      const name = quote(table.columns[early.length + at]?.name ?? '');
      const { rows } = await this.apart.inside.builder.engine.query(
        `select distinct ${name} from ${quote(table.physical)}${whereOf(table, early)}`,
        { offset: 0, limit: 4 },
      );
      const values = rows.slice(0, 3).map(([value]) => (value === null ? 'NULL' : String(value)));
      said.push(`${this.#text(column.span)} is ${values.join(', ')}${rows.length > 3 ? ', …' : ''}`);
    }
    return ` (${said.join('; ')})`;
  }

  #late(stage: SelectStage, wanted: readonly Sought[], label: string): Loss {
    const { select } = stage;
    const text = showGiven(wanted);
    if (select.having !== undefined)
      return lost(label, `Its group is left out by HAVING ${this.#text(select.having.span)}.`, select.having.span);
    if (select.qualify !== undefined) return lost(label, `Left out by QUALIFY ${this.#text(select.qualify.span)}.`, select.qualify.span);
    if (Array.isArray(select.distinct)) return lost(label, 'Another row was kept by DISTINCT ON.', select.span);
    return lost(
      label,
      `Rows come as far as this, but none has ${text === '' ? 'these values' : text} after it is grouped, windowed or cut.`,
      select.span,
    );
  }

  /** The values that are looked for, with what computes them: `date_trunc('month', paid_on) = 2024-01-01`. */
  #sought(sought: readonly Sought[]): string {
    return sought.map(({ expression, value }) => showGiven([{ column: this.#text(expression.span), value }])).join(' and ');
  }

  #text(span: Span): string {
    return this.apart.inside.sql.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  }

  #probe(from: readonly Relation[], expressions: readonly Expression[], tables: SelectStage['tables']) {
    const items = expressions.map((expression, i) => asItem(expression, `${ours}c${i}`));
    return this.apart.create(queryOf({ items: items.length > 0 ? items : [asItem(numberOf(1), `${ours}c0`)], from }), tables);
  }

  async #count(from: readonly Relation[], sought: readonly Sought[], tables: SelectStage['tables']): Promise<number> {
    const table = await this.#probe(
      from,
      sought.map(({ expression }) => expression),
      tables,
    );
    const { rows } = await this.apart.inside.builder.engine.query(
      `select count(*) from ${quote(table.physical)}${whereOf(table, sought)}`,
      { offset: 0, limit: 1 },
    );
    return Number(rows[0]?.[0] ?? 0);
  }
}

interface Sought extends Given {
  readonly expression: Expression;
}

/** Whether a table has a row with these values. */
export async function hasRow(
  { inside }: Pick<TakingApart, 'inside'>,
  table: SelectStage['table'],
  given: readonly Given[],
): Promise<boolean> {
  const conditions = given.flatMap(({ column, value }) => {
    const found = table.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
    return found === undefined ? [] : [toCondition(quote(found.name), found.type, value)];
  });
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const from = table.physical.startsWith('(') ? table.physical : quote(table.physical);
  return (await inside.builder.engine.query(`select 1 from ${from}${where} limit 1`, { offset: 0, limit: 1 })).rows.length > 0;
}

function whereOf(table: SelectStage['table'], sought: readonly Given[]): string {
  const conditions = sought.flatMap(({ value }, at) => {
    const column = table.columns[at];
    return column === undefined ? [] : [toCondition(quote(column.name), column.type, value)];
  });
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

interface Prefix {
  /** All of FROM up to here. */
  readonly relation: Relation;
  /** What is added here. */
  readonly own: Relation;
  readonly on?: Expression;
  readonly span: Span;
  readonly isFirst: boolean;
}

/** FROM grows by one relation at a time. */
function prefixesOf(relation: Relation): readonly Prefix[] {
  if (relation.kind !== 'join') return [{ relation, own: relation, span: relation.span, isFirst: true }];
  const { on, right } = relation;
  return [
    ...prefixesOf(relation.left),
    { relation, own: right, ...(on === undefined ? {} : { on }), span: on?.span ?? right.span, isFirst: false },
  ];
}

function containsSpan(relations: readonly Relation[], span: Span): boolean {
  return relations.some((relation) =>
    relation.kind === 'join'
      ? containsSpan([relation.left, relation.right], span)
      : relation.span.start === span.start && relation.span.end === span.end,
  );
}

/** The relation behind an alias. */
function nameOf({ source, name }: Input): string {
  const own = source.kind === 'node' ? source.id.split('.').at(-1) : source.name;
  return own === undefined || own === '' ? name.text : own;
}

function indexOf(names: readonly string[], name: string): number {
  return names.findIndex((one) => one.toLowerCase() === name.toLowerCase());
}

function lost(step: string, because: string, span: Span): Loss {
  return { kind: 'lost', step, because, span };
}
