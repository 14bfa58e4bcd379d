import { isRelation, type ModelNode } from '../project/node.ts';
import type { NodeText } from '../snapshot.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import { addMonths, formatMoment, fromDays, type Moment, parseMoment, toDays } from '../translate/runtime/calendar.ts';
import type { KnownTable } from '../translate/table.ts';
import type { IncrementalPlan } from './incremental.ts';
import { applyIncrement } from './incremental-run.ts';
import type { RelationBuilder } from './relation-builder.ts';
import { type Built, quote, Stopped, type Work } from './work.ts';

/** Batches that a preview runs, at most. */
const mostBatches = 400;
const sizes = ['hour', 'day', 'month', 'year'] as const;
type Size = (typeof sizes)[number];

/** A stretch of event time, from `start` to before `end`, as text. */
interface Window {
  readonly start: string;
  readonly end: string;
}

/**
 * A microbatch model: its SQL runs once for each batch of event time in which anything that it reads has rows, and sees those rows only.
 * In full from `begin` on; on top of a run before, the newest batches with `lookback` more.
 */
export async function runMicrobatches(
  builder: RelationBuilder,
  node: ModelNode,
  text: NodeText,
  work: Work,
  plan: IncrementalPlan,
): Promise<Built> {
  const { engine, templates } = builder;
  const settings = readSettings(node);
  const whole = stretch(settings, work.run.now, work.self !== undefined);
  const first = await templates.node(node.id, text, work, work.self !== undefined, toBatch(whole));
  const parents = await builder.parents(builder.parse(first), work);
  const timed = timedParents(builder, work, parents);
  if (timed.length === 0)
    work.notes.add(`Nothing that '${node.name}' reads has an event_time, so every batch reads all of it: it is run once.`);
  const windows = timed.length === 0 ? [whole] : await findWindows(builder, node, settings.size, whole, timed);
  const key = toHash(
    [
      first.sql,
      JSON.stringify(plan),
      JSON.stringify([whole, windows]),
      work.self?.physical ?? '',
      ...parents.map((one) => one.physical),
    ].join('\n'),
  );
  const physical = `${node.id}:micro:${key}`;
  const known = builder.standing.find(physical);
  if (known !== undefined) return { ...known };
  const rowsName = work.self === undefined ? physical : `${physical}:rows`;
  let rows: KnownTable | undefined;
  // Without a batch that has rows, the SQL is run over none, for its columns.
  for (const [at, window] of (windows.length === 0 ? [{ start: whole.end, end: whole.end }] : windows).entries()) {
    builder.progress.say(`Building ${node.name}, batch ${window.start}`);
    const parts = new Map<NodeId, KnownTable>();
    for (const { id, table, column } of timed) {
      const name = `${physical}:part:${id}`;
      await engine.execute(`drop table if exists ${quote(name)}`);
      await engine.execute(`create table ${quote(name)} as select * from ${quote(table.physical)} where ${within(quote(column), window)}`);
      parts.set(id, { ...table, physical: name });
    }
    const inner: Work = { ...work, parts };
    const rendered = await templates.node(node.id, text, inner, work.self !== undefined || at > 0, toBatch(window));
    const made = await builder.create(at === 0 ? rowsName : `${physical}:batch`, builder.parse(rendered), rendered.place, inner);
    if (at > 0) {
      await engine.execute(`insert into ${quote(rowsName)} select * from ${quote(made.physical)}`);
      await engine.execute(`drop table ${quote(made.physical)}`);
    }
    rows ??= made;
    for (const part of parts.values()) await engine.execute(`drop table ${quote(part.physical)}`);
  }
  if (rows === undefined) throw new Error('a microbatch without a batch');
  work.notes.add(
    `'${node.name}' runs in batches of one ${settings.size}: ${windows.length} of them, from ${whole.start} to before ${whole.end}, have rows.`,
  );
  if (work.self === undefined) return { ...rows, key, notes: [] };
  const merges = builder.snapshot.project.adapter === 'postgres' && plan.uniqueKey.length > 0;
  const replaced = `${within(`DBT_INTERNAL_DEST.${settings.eventTime}`, whole)}`;
  const how: IncrementalPlan = merges ? { ...plan, strategy: 'merge' } : plan;
  const { table, note } = await applyIncrement(builder.maker(work.run, node.path), node, how, work.self, rows, physical, replaced);
  await engine.execute(`drop table if exists ${quote(rowsName)}`);
  return { ...table, key, notes: [note] };
}

interface Settings {
  readonly eventTime: string;
  readonly size: Size;
  readonly begin: Moment;
  readonly lookback: number;
}

function readSettings({ name, path, config }: ModelNode): Settings {
  const stop = (message: string): never => {
    throw new Stopped(toProblem('preview-refused', `'${name}' runs in microbatches and ${message}`, path));
  };
  const { event_time: eventTime, batch_size: written, begin, lookback } = config;
  const size = sizes.find((one) => one === String(written).toLowerCase());
  if (typeof eventTime !== 'string' || eventTime === '') return stop('has no event_time.');
  if (size === undefined) return stop(`its batch_size is '${String(written)}': dbt knows ${sizes.join(', ')}.`);
  const start = begin instanceof Date ? begin.toISOString().slice(0, 19) : begin;
  const moment = typeof start === 'string' ? parseMoment(start, true) : undefined;
  if (moment === undefined) return stop('has no begin, the time at which its first batch starts.');
  const back = Number(lookback ?? 1);
  return { eventTime, size, begin: moment, lookback: Number.isInteger(back) && back >= 0 ? back : 1 };
}

/** The time that a run covers. */
function stretch({ size, begin, lookback }: Settings, now: string, increment: boolean): Window {
  const moment = parseMoment(now, true);
  if (moment === undefined) throw new Error(`no moment: ${now}`);
  const floor = truncate(moment, size);
  const end = toText(floor) === toText(moment) ? floor : move(floor, size, 1);
  return { start: toText(increment ? move(end, size, -1 - lookback) : truncate(begin, size)), end: toText(end) };
}

/** What the model reads that says when its rows happened, with the column that does. */
function timedParents(builder: RelationBuilder, work: Work, parents: readonly Built[]) {
  const found: { id: NodeId; table: Built; column: string }[] = [];
  for (const [id, table] of builder.standing.of(work.run)) {
    const node = builder.snapshot.nodes.get(id);
    const column = node !== undefined && isRelation(node) ? node.config.event_time : undefined;
    const own = table.columns.find((one) => one.name.toLowerCase() === String(column ?? '').toLowerCase());
    if (own !== undefined && parents.some((parent) => parent.physical === table.physical)) found.push({ id, table, column: own.name });
  }
  return found;
}

/** The batches in which anything has rows. */
async function findWindows(
  builder: RelationBuilder,
  node: ModelNode,
  size: Size,
  whole: Window,
  timed: readonly { readonly table: Built; readonly column: string }[],
): Promise<readonly Window[]> {
  const length = { hour: 13, day: 10, month: 7, year: 4 }[size];
  const starts = new Set<string>();
  for (const { table, column } of timed) {
    const name = quote(column);
    const page = await builder.engine.query(
      `select distinct substr(cast(${name} as varchar), 1, ${length}) from ${quote(table.physical)} where ${within(name, whole)}`,
      { offset: 0, limit: mostBatches + 1 },
    );
    for (const [value] of page.rows) {
      const start = typeof value === 'string' ? parseStart(value) : undefined;
      if (start !== undefined) starts.add(toText(truncate(start, size)));
    }
  }
  if (starts.size > mostBatches)
    throw new Stopped(
      toProblem(
        'preview-refused',
        `'${node.name}' would run in more than ${mostBatches} batches of one ${size}, which is as many as a preview runs: let it begin later.`,
        node.path,
      ),
    );
  return [...starts].sort().map((start) => {
    const moment = parseMoment(start, true);
    return { start, end: moment === undefined ? start : toText(move(moment, size, 1)) };
  });
}

/** The start of a batch from the first characters of a time: a year, a month, a day or an hour. */
function parseStart(text: string): Moment | undefined {
  const [, year, month = '01', day = '01', hour = '00'] = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:[ T](\d{2}))?$/.exec(text) ?? [];
  return year === undefined ? undefined : { days: toDays(Number(year), Number(month), Number(day)), micros: Number(hour) * 3_600_000_000 };
}

function within(column: string, { start, end }: Window): string {
  return `${column} >= '${start}' and ${column} < '${end}'`;
}

function truncate({ days, micros }: Moment, size: Size): Moment {
  const { year, month } = fromDays(days);
  if (size === 'hour') return { days, micros: micros - (micros % 3_600_000_000) };
  return { days: size === 'day' ? days : toDays(year, size === 'month' ? month : 1, 1), micros: 0 };
}

function move({ days, micros }: Moment, size: Size, count: number): Moment {
  if (size === 'hour') {
    const hours = Math.round(micros / 3_600_000_000) + count;
    return { days: days + Math.floor(hours / 24), micros: (((hours % 24) + 24) % 24) * 3_600_000_000 };
  }
  return { days: size === 'day' ? days + count : addMonths(days, size === 'month' ? count : count * 12), micros };
}

/** A moment as it is compared with stored times: a day without a clock comes before every time of it. */
function toText(moment: Moment): string {
  const text = formatMoment(moment);
  return moment.micros === 0 ? text.slice(0, 10) : text;
}

/** `model.batch` as templates see it. */
function toBatch({ start, end }: Window) {
  return { id: start.replace(/[-: ]/g, ''), event_time_start: start, event_time_end: end };
}
