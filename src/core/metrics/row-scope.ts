import { isGrain } from './grain.ts';
import { type Condition, type Item, isMetricTime, keyOf } from './item.ts';
import type { QueryText, SourceRows } from './query-text.ts';
import { findItem, type Hop, hasValidity, isTimeOf, timeOf } from './reach.ts';
import type { Dimension, Measure, SemanticModel } from './semantic-layer.ts';
import { nameIn, Refusal, truncate } from './sql-words.ts';

/** A metric that a filter asks for, by an entity of the row. */
export type MetricOfRow = (item: Item) => { readonly source: string; readonly key: string; readonly sql: (from: string) => string };

/** The time that rows are shown at instead of their own: that of a row of the time spine. */
export interface ShownTime {
  readonly sql: string;
  readonly type: string;
}

/** The rows of one semantic model with what is joined to them: turns items and conditions into SQL and gathers the joins they need. */
export class RowScope {
  readonly source: SourceRows;
  readonly joins: string[] = [];
  readonly #aliases = new Map<string, string>();
  readonly #used = new Set<string>();

  constructor(
    readonly query: QueryText,
    readonly model: SemanticModel,
    readonly measure: Measure,
    private readonly metricOfRow: MetricOfRow,
    private readonly shown?: ShownTime,
  ) {
    this.source = query.source(model);
    this.#used.add(this.source.name);
  }

  /** A column of the model's own rows. */
  own(name: string, expr: string, kind: string): string {
    return this.#column(this.source.name, this.source.column(name, expr, kind));
  }

  /** The time that the measure is counted by. */
  get time(): Dimension {
    const found = timeOf(this.model, this.measure);
    if (found === undefined)
      throw new Refusal(`The measure '${this.measure.name}' has no time dimension: give it or its semantic model 'agg_time_dimension'.`);
    return found;
  }

  /** The time of the rows themselves, as finely as it is known. */
  get ownTime(): string {
    return this.timeAt(this.time.grain);
  }

  /** The time of the rows themselves at a grain. */
  timeAt(grain: string): string {
    const { time } = this;
    return truncate(this.#dialect, grain, this.own(time.name, time.expr, 'time'), this.#typeOf(this.model, time.expr));
  }

  sqlOf(item: Item): string {
    if (item.kind === 'metric') return this.#metric(item);
    if (isTimeOf(this.query.layer, this.model, this.measure, item)) {
      const { time } = this;
      const shown = this.shown ?? { sql: this.own(time.name, time.expr, 'time'), type: this.#typeOf(this.model, time.expr) };
      return this.#atGrain(item, shown.sql, shown.type, time.grain);
    }
    const { hops, model, element } = findItem(this.query.layer, this.model, item);
    const [table, rows] = this.#join(hops);
    if (element.kind === 'entity') return this.#column(table, rows.column(element.entity.name, element.entity.expr, 'key'));
    const { dimension } = element;
    const sql = this.#column(table, rows.column(dimension.name, dimension.expr, 'dimension'));
    if (dimension.kind === 'time') return this.#atGrain(item, sql, this.#typeOf(model, dimension.expr), dimension.grain);
    if (item.grain !== undefined) throw new Refusal(`'${keyOf(item)}' asks for a grain of a dimension that is not one of time.`);
    return sql;
  }

  /** The text of a condition, its items replaced. */
  conditionSql(condition: Condition): string {
    return condition
      .map((part) => (typeof part === 'string' ? part : this.sqlOf(part)))
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
  }

  get #dialect() {
    return this.query.layer.dialect;
  }

  #column(table: string, name: string): string {
    return `${nameIn(this.#dialect, table)}.${nameIn(this.#dialect, name)}`;
  }

  #typeOf(model: SemanticModel, expr: string): string {
    return model.node === undefined || !/^\w+$/.test(expr) ? castType(expr) : this.query.layer.typeOf(model.node, expr);
  }

  #atGrain(item: Item, sql: string, type: string, finest: string): string {
    if (item.part !== undefined) return `extract(${item.part} from ${sql})`;
    const grain = item.grain ?? finest;
    if (isGrain(grain)) return truncate(this.#dialect, grain, sql, type);
    const { name, column, custom, base } = this.query.customSpine(grain);
    const alias = this.#alias(name, `${keyOf(item)}_spine`);
    const join = `left join ${asAlias(name, alias)} on ${truncate(this.#dialect, base, sql, type)} = ${alias}.${column}`;
    const known = this.joins.find((one) => one.endsWith(join.slice(join.indexOf(' on '))) && one.startsWith(`left join ${name}`));
    if (known !== undefined) return `${/^left join (?:\w+ as )?(\w+)/.exec(known)?.[1]}.${custom}`;
    this.joins.push(join);
    return `${alias}.${custom}`;
  }

  /** Joins what lies on the way, once; none of the joins repeats a row. */
  #join(hops: readonly Hop[]): [string, SourceRows] {
    let [table, rows] = [this.source.name, this.source];
    let trail = '';
    for (const hop of hops) {
      trail += `/${hop.pairs[0]?.name}>${hop.to.name}`;
      const next = this.query.source(hop.to);
      const known = this.#aliases.get(trail);
      if (known === undefined) {
        const alias = this.#alias(next.name, `${hop.pairs[0]?.name}_${next.name}`);
        this.#aliases.set(trail, alias);
        const equal = hop.pairs.map(
          ({ own, other, name }) =>
            `${this.#column(table, rows.column(name, own, 'key'))} = ${this.#column(alias, next.column(name, other, 'key'))}`,
        );
        const conditions = [...equal, ...this.#partition(hop, alias, next), ...this.#validity(hop, alias, next)];
        this.joins.push(
          `left join ${asAlias(nameIn(this.#dialect, next.name), nameIn(this.#dialect, alias))} on ${conditions.join(' and ')}`,
        );
      }
      [table, rows] = [this.#aliases.get(trail) ?? next.name, next];
    }
    return [table, rows];
  }

  /** Tables cut into parts by the same time as the measure's rows are joined part by part. */
  #partition(hop: Hop, alias: string, next: SourceRows): readonly string[] {
    return this.model.dimensions
      .filter((one) => one.isPartition)
      .flatMap((one) => {
        const other = hop.to.dimensions.find((two) => two.isPartition && two.name === one.name);
        return other === undefined
          ? []
          : [`${this.own(one.name, one.expr, 'part')} = ${this.#column(alias, next.column(other.name, other.expr, 'part'))}`];
      });
  }

  /** Of a table of changes only the row counts that held at the time of the measure. */
  #validity(hop: Hop, alias: string, next: SourceRows): readonly string[] {
    if (!hasValidity(hop.to)) return [];
    const [start, end] = (['start', 'end'] as const).map((side) => hop.to.dimensions.find((one) => one.validity === side));
    if (start === undefined || end === undefined) return [];
    const time = this.shown?.sql ?? this.ownTime;
    const [from, until] = [start, end].map((one) => this.#column(alias, next.column(one.name, one.expr, 'time')));
    return [`${time} >= ${from}`, `(${time} < ${until} or ${until} is null)`];
  }

  #metric(item: Item): string {
    const { source, key, sql } = this.metricOfRow(item);
    const [by = ''] = item.by ?? [];
    const entity = this.sqlOf({ kind: 'entity', path: by.split('__').slice(0, -1), name: by.split('__').pop() ?? '' });
    if (!this.#used.has(source)) {
      this.#used.add(source);
      this.joins.push(`left join ${source} on ${entity} = ${source}.${nameIn(this.#dialect, key)}`);
    }
    return sql(source);
  }

  #alias(name: string, otherwise: string): string {
    const alias = this.#used.has(name) ? this.query.name(otherwise) : name;
    this.#used.add(alias);
    return alias;
  }
}

function asAlias(name: string, alias: string): string {
  return name === alias ? name : `${name} as ${alias}`;
}

/** The type of an expression that ends in a cast. */
function castType(expr: string): string {
  return (/^cast\(.*\sas\s+(\w+)\s*\)$/is.exec(expr.trim())?.[1] ?? /::\s*(\w+)$/.exec(expr.trim())?.[1] ?? '').toLowerCase();
}

/** Whether any of the items is a time of the measure itself. */
export function timesAmong(scope: Pick<RowScope, 'model' | 'measure' | 'query'>, items: readonly Item[]): readonly Item[] {
  return items.filter((item) => isMetricTime(item) || isTimeOf(scope.query.layer, scope.model, scope.measure, item));
}
