import { compareGrains, isGrain } from './grain.ts';
import { type Condition, type Item, keyOf } from './item.ts';
import type { QueryText } from './query-text.ts';
import { type MetricOfRow, RowScope, type ShownTime, timesAmong } from './row-scope.ts';
import type { Measure, MetricDefinition, NonAdditive, SemanticModel, TimeWindow } from './semantic-layer.ts';
import { aggregate, earlier, nameIn, Refusal, truncate } from './sql-words.ts';

export type Cumulative = Pick<MetricDefinition & { kind: 'cumulative' }, 'window' | 'grainToDate' | 'periodAgg'>;

/** How far back an input of a derived metric looks. */
export type Shift = { readonly kind: 'window'; readonly window: TimeWindow } | { readonly kind: 'to-grain'; readonly grain: string };

/** A measure with everything that decides which rows it is taken over. */
export interface Leaf {
  /** The metric that a refusal names. */
  readonly metric: string;
  readonly model: SemanticModel;
  readonly measure: Measure;
  readonly conditions: readonly Condition[];
  readonly shifts: readonly Shift[];
  readonly cumulative?: Cumulative;
  readonly joinsSpine: boolean;
  readonly fill?: number;
  /** The grain of `metric_time` where a question names none. */
  readonly usualGrain?: string;
}

/** The time of a leaf's rows among what is asked for. */
export interface AskedKeys {
  readonly items: readonly Item[];
  readonly names: readonly string[];
}

/** What leaves have in common that are read from the same rows, as text. */
export function rowsKeyOf(leaf: Leaf): string {
  const { model, measure, conditions, shifts, cumulative, joinsSpine } = leaf;
  return JSON.stringify([model.name, measure.time, measure.nonAdditive, conditions, shifts, cumulative, joinsSpine]);
}

/** Adds what aggregates the measures of leaves that share their rows; gives the name of the last common table expression. */
export function addMeasuredRows(query: QueryText, leaves: readonly Leaf[], keys: AskedKeys, metricOfRow: MetricOfRow): string {
  const [leaf] = leaves;
  if (leaf === undefined) throw new Refusal('There is nothing to measure.');
  const times = timesAmong({ query, model: leaf.model, measure: leaf.measure }, keys.items);
  if (leaf.shifts.length > 0 && times.length === 0)
    throw new Refusal(`'${leaf.metric}' compares with an earlier time: group it by metric_time.`);
  const work = { query, leaves, leaf, keys, times, metricOfRow, name: nameOf(leaves) };
  if (leaf.cumulative !== undefined && times.length > 0) {
    const isFilled = leaf.joinsSpine && leaf.shifts.length === 0;
    const total = addCumulative(work, leaf.cumulative);
    return isFilled ? addAllTimes(work, total) : total;
  }
  if (leaf.cumulative?.window !== undefined || leaf.cumulative?.grainToDate !== undefined)
    throw new Refusal(`'${leaf.metric}' adds up over a window of time: group it by metric_time.`);
  const rule = leaf.measure.nonAdditive;
  const totals = rule === undefined || isWithinOneTime(work, rule) ? addTotals(work) : addSemiAdditive(work, rule);
  return leaf.joinsSpine && leaf.shifts.length === 0 && times.length > 0 ? addAllTimes(work, totals) : totals;
}

/** Whether every group holds one value of what may not be added up over, so that nothing is. */
function isWithinOneTime({ leaf, times }: Work, rule: NonAdditive): boolean {
  const time = leaf.model.dimensions.find((one) => one.name === rule.dimension);
  return rule.dimension === leaf.measure.time && rule.within.length === 0 && times.some((item) => item.grain === time?.grain);
}

interface Work {
  readonly query: QueryText;
  readonly leaves: readonly Leaf[];
  readonly leaf: Leaf;
  readonly keys: AskedKeys;
  readonly times: readonly Item[];
  readonly metricOfRow: MetricOfRow;
  readonly name: string;
}

/** What its rows are, as the name of a common table expression. */
function nameOf(leaves: readonly Leaf[]): string {
  const [leaf] = leaves;
  if (leaf === undefined) return 'totals';
  const names = [...new Set(leaves.map(({ measure }) => measure.name))];
  const what = names.length > 2 ? `${leaf.model.name}_totals` : names.join('_and_');
  const { window, grainToDate } = leaf.cumulative ?? {};
  const over = leaf.cumulative === undefined ? '' : window ? `_over_${window.count}_${window.grain}` : `_${grainToDate ?? 'all'}_to_date`;
  const shift = leaf.shifts.map((one) =>
    one.kind === 'window' ? `_${one.window.count}_${one.window.grain}_before` : `_at_start_of_${one.grain}`,
  );
  return `${what}${over}${shift.join('')}${over === '' && shift.length === 0 && names.length <= 2 ? '_totals' : ''}`;
}

/** The rows a leaf is taken over: its model's own, or those that belong to each row of the time spine. */
function openRows(work: Work): { readonly scope: RowScope; readonly from: string; readonly joins: readonly string[] } {
  const { query, leaf, metricOfRow } = work;
  const { dialect } = query.layer;
  const own = new RowScope(query, leaf.model, leaf.measure, metricOfRow);
  if (leaf.shifts.length === 0) return { scope: own, from: nameIn(dialect, own.source.name), joins: [] };
  const grain = joinGrain(work, own.time.grain);
  const spine = query.spine(grain);
  const column = `${spine.name}.${spine.column}`;
  const scope = new RowScope(query, leaf.model, leaf.measure, metricOfRow, { sql: column, type: spine.type });
  const before = shifted(work, column, spine.type);
  return { scope, from: spine.name, joins: [`inner join ${nameIn(dialect, scope.source.name)} on ${scope.timeAt(grain)} = ${before}`] };
}

/** A time as much earlier as the inputs of derived metrics say. */
function shifted({ query, leaf }: Work, sql: string, type: string): string {
  const { dialect } = query.layer;
  return leaf.shifts.reduce((text, shift) => {
    if (shift.kind === 'to-grain') return truncate(dialect, shift.grain, text, type);
    if (!isGrain(shift.window.grain))
      throw new Refusal(
        `'${leaf.metric}' looks back by '${shift.window.grain}', a grain of the project's own: that cannot be asked here yet.`,
      );
    return earlier(dialect, shift.window, text, type);
  }, sql);
}

/**
 * The grain at which rows are matched with those before: that of the question, so that a month is compared with the whole month before it,
 * however many days that has.
 */
function joinGrain({ leaf, times, query }: Work, finest: string): string {
  const conditions = leaf.conditions.flatMap((condition) => condition.filter((part) => typeof part !== 'string'));
  const asked = [...times, ...timesAmong({ query, model: leaf.model, measure: leaf.measure }, conditions)].map(
    (item) => item.grain ?? finest,
  );
  const grain = asked.reduce((one, other) => (compareGrains(other, one) < 0 ? other : one));
  for (const shift of leaf.shifts) {
    const unit = shift.kind === 'window' ? shift.window.grain : shift.grain;
    if (isPartOf(grain, unit)) continue;
    if (shift.kind === 'to-grain') return finest;
    throw new Refusal(
      `'${leaf.metric}' looks ${shift.window.count} ${unit} back, which is not a number of whole ${grain}s: ask it by ${unit} or finer.`,
    );
  }
  return grain;
}

/** Whether each of the coarser ones begins where one of the finer ones does. */
function isPartOf(grain: string, unit: string): boolean {
  if (!isGrain(unit)) return true;
  return compareGrains(grain, unit) <= 0 && (grain !== 'week' || unit === 'week');
}

function measureItems(work: Work, columnOf: (measure: Measure) => string) {
  const measures = new Map(work.leaves.map(({ measure }) => [measure.name, measure]));
  return [...measures.values()].map((measure) => ({
    sql: aggregate(work.query.layer.dialect, measure, columnOf(measure)),
    name: measure.name,
  }));
}

function inputOf(scope: RowScope, measure: Measure): string {
  return /^\d+(\.\d+)?$/.test(measure.expr) ? measure.expr : scope.own(measure.name, measure.expr, 'value');
}

function addTotals(work: Work): string {
  const { query, leaf, keys } = work;
  const { scope, from, joins } = openRows(work);
  const items = keys.items.map((item, at) => ({ sql: scope.sqlOf(item), name: keys.names[at] ?? '' }));
  const measures = measureItems(work, (measure) => inputOf(scope, measure));
  const where = [...leaf.conditions.map((condition) => scope.conditionSql(condition)), ...startsOnly(work, scope)];
  return query.add(work.name, { items: [...items, ...measures], from, joins: [...joins, ...scope.joins], where, groups: items.length });
}

/** What looks back to the start of a grain has a value at the start of what is asked for, not in its midst. */
function startsOnly(work: Work, scope: RowScope): readonly string[] {
  if (!work.leaf.shifts.some((shift) => shift.kind === 'to-grain')) return [];
  const day = scope.sqlOf({ kind: 'time', path: [], name: 'metric_time', grain: scope.time.grain });
  if (joinGrain(work, scope.time.grain) !== scope.time.grain) return [];
  return work.times
    .filter((item) => item.grain !== undefined && item.grain !== scope.time.grain)
    .map((item) => `${scope.sqlOf(item)} = ${day}`);
}

/** A measure that may not be summed over time or another dimension: only the rows of its first or last value within each group count. */
function addSemiAdditive(work: Work, rule: NonAdditive): string {
  const { query, leaf, keys, times } = work;
  const { dialect } = query.layer;
  const { scope, from, joins } = openRows(work);
  const dimension = leaf.model.dimensions.find((one) => one.name === rule.dimension);
  if (dimension === undefined)
    throw new Refusal(
      `The measure '${leaf.measure.name}' may not be added up over '${rule.dimension}', which '${leaf.model.name}' has not.`,
    );
  const items = keys.items.map((item, at) => ({ sql: scope.sqlOf(item), name: keys.names[at] ?? '' }));
  const within = rule.within.map((name) => {
    const entity = leaf.model.entities.find((one) => one.name === name);
    const expr = entity?.expr ?? leaf.model.dimensions.find((one) => one.name === name)?.expr ?? name;
    return { sql: scope.own(name, expr, 'key'), name: `${name}_of_row` };
  });
  const own =
    rule.dimension === leaf.measure.time
      ? scope.ownTime
      : truncate(dialect, dimension.grain, scope.own(dimension.name, dimension.expr, 'time'));
  const point = { sql: own, name: `${rule.dimension}_of_row` };
  const values = [...new Map(work.leaves.map(({ measure }) => [measure.name, measure])).values()];
  const where = leaf.conditions.map((condition) => scope.conditionSql(condition));
  const rows = query.add(`${leaf.model.name}_rows`, {
    items: [...items, ...within, point, ...values.map((measure) => ({ sql: inputOf(scope, measure), name: `${measure.name}_of_row` }))],
    from,
    joins: [...joins, ...scope.joins],
    where,
  });
  const column = (table: string, name: string): string => `${table}.${nameIn(dialect, name)}`;
  // Within each of the times that are asked for the first or last row is another one.
  const asked = rule.dimension === leaf.measure.time ? times : keys.items.filter((item) => item.name === rule.dimension);
  const groups = [...asked.map((item) => keys.names[keys.items.indexOf(item)] ?? ''), ...within.map(({ name }) => name)];
  const edge = query.add(`${rule.window === 'max' ? 'last' : 'first'}_${rule.dimension}`, {
    items: [
      ...groups.map((name) => ({ sql: column(rows, name), name })),
      { sql: `${rule.window}(${column(rows, point.name)})`, name: `edge_${rule.dimension}` },
    ],
    from: rows,
    groups: groups.length,
  });
  const equal = [
    `${column(rows, point.name)} = ${column(edge, `edge_${rule.dimension}`)}`,
    ...groups.map((name) => `${column(rows, name)} = ${column(edge, name)}`),
  ];
  return query.add(work.name, {
    items: [
      ...items.map(({ name }) => ({ sql: column(rows, name), name })),
      ...measureItems(work, (measure) => column(rows, `${measure.name}_of_row`)),
    ],
    from: rows,
    joins: [`inner join ${edge} on ${equal.join(' and ')}`],
    groups: items.length,
  });
}

/** A total over a window that ends at each time; at coarser grains one of its values is taken. */
function addCumulative(work: Work, cumulative: Cumulative): string {
  const { query, leaf, keys, times, metricOfRow } = work;
  const { dialect } = query.layer;
  const { time } = new RowScope(query, leaf.model, leaf.measure, metricOfRow);
  const spine = query.spine(time.grain);
  const end = `${spine.name}.${spine.column}`;
  const shown: ShownTime = { sql: end, type: spine.type };
  const scope = new RowScope(query, leaf.model, leaf.measure, metricOfRow, shown);
  const upTo = shifted(work, end, spine.type);
  const between = [`${scope.ownTime} <= ${upTo}`];
  if (cumulative.window !== undefined && !isGrain(cumulative.window.grain))
    throw new Refusal(
      `'${leaf.metric}' adds up over '${cumulative.window.grain}', a grain of the project's own: that cannot be asked here yet.`,
    );
  if (cumulative.window !== undefined) between.push(`${scope.ownTime} > ${earlier(dialect, cumulative.window, upTo, spine.type)}`);
  if (cumulative.grainToDate !== undefined)
    between.push(`${scope.ownTime} >= ${truncate(dialect, cumulative.grainToDate, upTo, spine.type)}`);
  const isFinest = times.some((item) => (item.grain ?? time.grain) === time.grain);
  const base: Item = { kind: 'time', path: [], name: 'metric_time', grain: time.grain };
  const others = keys.items.filter((item) => isFinest || !times.includes(item));
  const inner = isFinest ? others : [base, ...others];
  const nameOfKey = (item: Item): string => (item === base ? keyOf(base) : (keys.names[keys.items.indexOf(item)] ?? ''));
  const where = [...leaf.conditions.map((condition) => scope.conditionSql(condition)), ...startsOnly(work, scope)];
  const daily = query.add(isFinest ? work.name : `${work.name}_by_${time.grain}`, {
    items: [
      ...inner.map((item) => ({ sql: scope.sqlOf(item), name: nameOfKey(item) })),
      ...measureItems(work, (measure) => inputOf(scope, measure)),
    ],
    from: spine.name,
    joins: [`inner join ${nameIn(dialect, scope.source.name)} on ${between.join(' and ')}`, ...scope.joins],
    where,
    groups: inner.length,
  });
  if (isFinest) return daily;
  const column = (name: string): string => `${daily}.${nameIn(dialect, name)}`;
  const items = keys.items.map((item) => ({
    sql: times.includes(item) ? truncate(dialect, item.grain ?? time.grain, column(keyOf(base)), shown.type) : column(nameOfKey(item)),
    name: nameOfKey(item),
  }));
  const within = `partition by ${items.map(({ sql }) => sql).join(', ')}`;
  const whole = `${within} order by ${column(keyOf(base))} rows between unbounded preceding and unbounded following`;
  const periodValue = (name: string): string =>
    cumulative.periodAgg === 'average'
      ? `avg(${column(name)}) over (${within})`
      : `${cumulative.periodAgg}_value(${column(name)}) over (${whole})`;
  return query.add(work.name, {
    items: [...items, ...work.leaves.map(({ measure }) => ({ sql: periodValue(measure.name), name: measure.name }))],
    from: daily,
    isDistinct: true,
  });
}

/** Totals with a row for every time of the spine. */
function addAllTimes(work: Work, totals: string): string {
  const { query, leaf, keys, times } = work;
  const { dialect } = query.layer;
  const finest = times.map((item) => item.grain ?? 'day').reduce((one, other) => (compareGrains(other, one) < 0 ? other : one));
  const isTime = (part: Condition[number]): boolean =>
    typeof part === 'string' || timesAmong({ query, model: leaf.model, measure: leaf.measure }, [part]).length > 0;
  // New rows come in, so that what the filters say of time, and of what is shown, has to hold again.
  const ofTime = leaf.conditions.filter((condition) => condition.every(isTime));
  const finer = ofTime.flat().some((part) => typeof part !== 'string' && compareGrains(part.grain ?? 'day', finest) < 0);
  const spine = query.spine(finer ? (leaf.model.dimensions.find((one) => one.name === leaf.measure.time)?.grain ?? 'day') : finest);
  const nameOfKey = (item: Item): string => keys.names[keys.items.indexOf(item)] ?? '';
  const at = `${spine.name}.${spine.column}`;
  const atGrain = (item: Item): string =>
    !finer && (item.grain ?? finest) === finest ? at : truncate(dialect, item.grain ?? finest, at, spine.type);
  const text = (condition: Condition, toText: (item: Item) => string): string =>
    condition
      .map((part) => (typeof part === 'string' ? part : toText(part)))
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
  const where = ofTime.map((condition) => text(condition, atGrain));
  const rows = finer
    ? query.add('times', {
        items: times.map((item) => ({ sql: atGrain(item), name: nameOfKey(item) })),
        from: spine.name,
        where,
        isDistinct: true,
      })
    : spine.name;
  const shown = (item: Item): string => {
    if (!times.includes(item)) return `${totals}.${nameIn(dialect, nameOfKey(item))}`;
    return finer ? `${rows}.${nameIn(dialect, nameOfKey(item))}` : atGrain(item);
  };
  const others = leaf.conditions.filter((condition) => !ofTime.includes(condition));
  const visible = others.flatMap((condition) => {
    const found = (part: Item): Item | undefined => keys.items.find((item) => keyOf(item) === keyOf(part));
    return condition.every((part) => typeof part === 'string' || found(part) !== undefined)
      ? [text(condition, (part) => shown(found(part) ?? part))]
      : [];
  });
  return query.add(`${work.name}_at_all_times`, {
    items: [
      ...keys.items.map((item) => ({ sql: shown(item), name: nameOfKey(item) })),
      ...[...new Set(work.leaves.map(({ measure }) => measure.name))].map((one) => ({
        sql: `${totals}.${nameIn(dialect, one)}`,
        name: one,
      })),
    ],
    from: rows,
    joins: [
      `left join ${totals} on ${times.map((item) => `${shown(item)} = ${totals}.${nameIn(dialect, nameOfKey(item))}`).join(' and ')}`,
    ],
    where: [...(finer ? [] : where), ...visible],
  });
}
