import { believable } from './believable.ts';
import { Chance } from './chance.ts';
import type { ColumnPlan, TablePlan } from './column-plan.ts';

/** A table of a world: texts as a CSV file holds them, null for NULL. */
export interface MadeTable {
  readonly plan: TablePlan;
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface MakeOptions {
  readonly rows: number;
  readonly seed: number;
  /** The moment of the run, in milliseconds: dates lie before it. */
  readonly now: number;
  readonly isAdverse?: boolean;
}

const day = 86_400_000;

/** Makes the rows of all tables: columns of one pool share values, so that joins find partners. */
export function makeTables(plans: readonly TablePlan[], options: MakeOptions): readonly MadeTable[] {
  const pools = poolsOf(plans);
  return plans.map((plan) => ({ plan, rows: makeRows(plan, options, pools) }));
}

/** What all columns of a pool are: whole numbers, or texts as soon as one of them is compared with a text. */
interface Pool {
  readonly isText: boolean;
  readonly values: readonly string[];
  readonly isDate: boolean;
}

function poolsOf(plans: readonly TablePlan[]): ReadonlyMap<string, Pool> {
  const members = new Map<string, ColumnPlan[]>();
  for (const plan of plans)
    for (const column of plan.columns) {
      if (column.pool === undefined) continue;
      const list = members.get(column.pool);
      if (list === undefined) members.set(column.pool, [column]);
      else list.push(column);
    }
  return new Map(
    [...members].map(([pool, columns]) => {
      const closed = columns.find((column) => column.isClosed);
      const values = closed?.values ?? [...new Set(columns.flatMap((column) => column.values))];
      const texts = columns.filter((column) => column.kind === 'text').length;
      const isDate = columns.filter((column) => column.kind === 'date' || column.kind === 'timestamp').length > columns.length / 2;
      return [pool, { isText: texts > columns.length / 2 || values.some((value) => !/^-?\d+$/.test(value)), values, isDate }];
    }),
  );
}

function makeRows(
  plan: TablePlan,
  { rows, seed, now, isAdverse }: MakeOptions,
  pools: ReadonlyMap<string, Pool>,
): readonly (readonly (string | null)[])[] {
  const chance = new Chance(`${seed} ${plan.node}`);
  const made: (string | null)[][] = [];
  const seen = new Map<string, Set<string>>();
  for (let index = 0; index < rows; index++) {
    // Every second row meets all that one SELECT wants of it; the others are as they come.
    const turn = plan.isStrict ? index : index / 2;
    const isMeant = plan.scenarios.length > 0 && Number.isInteger(turn);
    const scenario = isMeant ? plan.scenarios[turn % plan.scenarios.length] : undefined;
    const began = now - (chance.happens(60) ? chance.below(28) : chance.below(400)) * day - chance.below(day);
    let latest = began;
    const row = plan.columns.map((column): string | null => {
      const key = column.name.toLowerCase();
      if (scenario?.has(key) && !column.isUnique) {
        const wanted = scenario.get(key) ?? null;
        if (wanted === null && !column.isNotNull) return null;
        if (wanted !== null && wanted !== 'now' && wanted !== 'past' && !wanted.startsWith('not ') && fits(column, wanted)) return wanted;
        if (wanted === 'now' || wanted === 'past')
          return showMoment(column, wanted === 'now' ? now - chance.below(3) * day : now - (200 + chance.below(200)) * day);
      }
      if (isAdverse && !column.isNotNull && !column.isUnique && chance.happens(8)) return null;
      if (column.pool !== undefined) return fromPool(column, pools.get(column.pool), index, rows, chance);
      if (column.mayBeNull && !column.isNotNull && chance.happens(45)) return null;
      if (column.isUnique) return uniqueValue(column, index, began);
      if (
        column.kind === 'date' ||
        column.kind === 'timestamp' ||
        column.kind === 'epoch' ||
        (column.kind === 'text' && column.format !== undefined)
      ) {
        if (isLate(key) && !column.isNotNull && chance.happens(40)) return null;
        const at = isLate(key)
          ? Math.min(now, latest + (1 + chance.below(20)) * day)
          : isUpdate(key)
            ? Math.min(now, latest + chance.below(5 * day))
            : began;
        latest = Math.max(latest, at);
        return showMoment(column, at);
      }
      return plainValue(column, index, chance, isAdverse === true);
    });
    if (keepsKeys(plan, row, seen)) made.push(row);
  }
  return made;
}

/** Whether a value can stand in a column of its kind. */
function fits(column: ColumnPlan, value: string): boolean {
  if (column.isClosed) return column.values.some((one) => one === value);
  switch (column.kind) {
    case 'integer':
    case 'epoch':
      return /^-?\d+$/.test(value);
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value);
    case 'boolean':
      return /^(true|false)$/i.test(value);
    case 'date':
    case 'timestamp':
      return /^\d{4}-\d{2}-\d{2}/.test(value);
    case 'json':
      return false;
    default:
      return column.parts === undefined;
  }
}

function keepsKeys(plan: TablePlan, row: readonly (string | null)[], seen: Map<string, Set<string>>): boolean {
  const places = plan.keys.map((key) => key.map((name) => plan.columns.findIndex((column) => column.name.toLowerCase() === name)));
  const texts = places.map((key) => (key.some((place) => place === -1) ? undefined : key.map((place) => row[place] ?? '').join('\u0000')));
  for (const [index, text] of texts.entries()) if (text !== undefined && seen.get(String(index))?.has(text)) return false;
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const set = seen.get(String(index)) ?? new Set();
    set.add(text);
    seen.set(String(index), set);
  }
  return true;
}

/** A value that other tables have too: keys count up, references point at one of them. */
function fromPool(column: ColumnPlan, pool: Pool | undefined, index: number, rows: number, chance: Chance): string | null {
  if (column.mayBeNull && !column.isNotNull && !column.isUnique && chance.happens(15)) return null;
  if (pool?.isDate) return showMoment(column, Date.UTC(2024, 0, 1) + (column.isUnique ? index : chance.below(rows)) * day);
  if (pool !== undefined && pool.values.length > 0 && !column.isUnique && (column.isClosed || chance.happens(70)))
    return pool.values[chance.below(pool.values.length)] ?? null;
  const own = column.isUnique || /^id$/.test(column.name.toLowerCase());
  // Every second row meets those of the same number in other tables, where conditions are met too.
  const number = own || index % 2 === 0 ? index + 1 : 1 + chance.below(rows);
  if (column.isUnique && pool !== undefined && index < pool.values.length) return pool.values[index] ?? null;
  if (pool?.isText !== true) return String(number);
  const name = column.name.toLowerCase();
  if (/email/.test(name)) return believable('email', number, chance);
  return /uuid|guid/.test(name) ? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` : `k${String(number).padStart(4, '0')}`;
}

function uniqueValue(column: ColumnPlan, index: number, moment: number): string {
  if (index < column.values.length) return column.values[index] ?? '';
  switch (column.kind) {
    case 'date':
      return new Date(Date.UTC(2023, 0, 1) + index * day).toISOString().slice(0, 10);
    case 'timestamp':
      return showTime(moment + index);
    case 'text':
      return /email/.test(column.name.toLowerCase())
        ? believable('email', index + 1, new Chance(String(index)))
        : /uuid|guid/.test(column.name.toLowerCase())
          ? `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`
          : `k${String(index + 1).padStart(4, '0')}`;
    default:
      return String(index + 1);
  }
}

function plainValue(column: ColumnPlan, index: number, chance: Chance, isAdverse: boolean): string | null {
  const { values } = column;
  if (values.length > 0 && column.kind !== 'json') {
    const isWild = isAdverse && !column.isClosed && chance.happens(10);
    if (isWild) return column.kind === 'text' ? 'unseen ✓ value' : '0';
    // Every value comes up: they are what conditions ask for.
    const fitting = values.filter((value) => fits(column, value));
    const isAmount = !column.isClosed && (column.kind === 'integer' || column.kind === 'number') && column.high === undefined;
    // A number may be compared after it was divided: some lie far on the other side of it.
    if (isAmount && fitting.length > 0 && chance.happens(30))
      return String(Math.round((Number(chance.one(fitting)) + 1) * chance.one([2, 20, 200])));
    if (fitting.length > 0 && (column.isClosed || chance.happens(isAmount ? 60 : 75)))
      return fitting[(index + chance.below(2)) % fitting.length] ?? null;
  }
  switch (column.kind) {
    case 'boolean':
      return /delet|archiv|cancel|test|churn|spam|bot|fail|block/.test(column.name.toLowerCase())
        ? String(chance.happens(12))
        : String(chance.happens(65));
    case 'integer':
      return String(isAdverse && chance.happens(10) ? 0 : numberIn(column, chance, 1, 100));
    case 'number':
      return isAdverse && chance.happens(10)
        ? '0'
        : (
            numberIn(column, chance, 1, 1000) +
            (column.high !== undefined && column.high <= 1 ? chance.below(100) / 100 : chance.below(100) / 100)
          ).toFixed(2);
    case 'time':
      return `${String(chance.below(24)).padStart(2, '0')}:${String(chance.below(60)).padStart(2, '0')}:00`;
    case 'json':
      return jsonOf(column, index, chance);
    default:
      if (column.parts !== undefined)
        return Array.from({ length: column.parts.count }, () => believable('word', index, chance)).join(column.parts.separator);
      return isAdverse && chance.happens(5) ? '' : believable(column.name.toLowerCase(), index + 1, chance);
  }
}

function numberIn({ name, low, high }: ColumnPlan, chance: Chance, from: number, to: number): number {
  // Money is spread wide, so that small and large ones are there.
  const isMoney =
    low === undefined &&
    high === undefined &&
    /(cents|amount|price|revenue|cost|total|value|balance|mrr|arr|salary|spend|sales)/i.test(name);
  if (isMoney) return 1 + chance.below(chance.one([100, 1000, 20_000]));
  const least = Math.ceil(low ?? (high !== undefined && high < from ? high - 10 : from));
  const most = Math.floor(high ?? Math.max(to, least + 100));
  return least + chance.below(Math.max(1, most - least));
}

function isLate(name: string): boolean {
  return /(close|end|complet|resolv|cancel|delet|finish|expire|valid_to|deliver|ship|solved|churn|refund|archiv|last_)/.test(name);
}

function isUpdate(name: string): boolean {
  return /(updat|modif|sync|stamp|loaded|extract|received|inserted)/.test(name);
}

/** A moment as a column writes it. */
function showMoment(column: ColumnPlan, at: number): string {
  if (column.kind === 'epoch') return String(Math.floor(at / 1000));
  if (column.format !== undefined && column.kind === 'text') return inFormat(column.format, new Date(at));
  if (column.kind === 'date') return new Date(at).toISOString().slice(0, 10);
  if (column.kind === 'integer') return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
  return showTime(at);
}

function showTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A moment in a format of strftime or of to_date. */
export function inFormat(format: string, at: Date): string {
  const [date, time] = at.toISOString().slice(0, 19).split('T') as [string, string];
  const [year, month, of] = date.split('-') as [string, string, string];
  const [hour, minute, second] = time.split(':') as [string, string, string];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  if (format.includes('%')) {
    const parts: Readonly<Record<string, string>> = {
      Y: year,
      m: month,
      d: of,
      H: hour,
      M: minute,
      S: second,
      i: minute,
      s: second,
      y: year.slice(2),
      b: months[at.getUTCMonth()] ?? '',
      e: String(Number(of)),
      f: '000000',
      z: '+0000',
      Z: 'UTC',
      T: time,
      F: date,
      I: hour,
      p: Number(hour) < 12 ? 'AM' : 'PM',
    };
    return format.replace(/%([A-Za-z])/g, (all, letter: string) => parts[letter] ?? all);
  }
  return format
    .replace(/YYYY|yyyy/g, year)
    .replace(/HH24|HH12|HH/g, hour)
    .replace(/MI|mm(?=:|ss)/g, minute)
    .replace(/SS|ss/g, second)
    .replace(/MON|Mon/g, months[at.getUTCMonth()] ?? '')
    .replace(/MM/g, month)
    .replace(/DD|dd/g, of)
    .replace(/YY/g, year.slice(2))
    .replace(/["']/g, '');
}

/** A JSON text in which every path that is read has a value. */
function jsonOf({ paths }: ColumnPlan, index: number, chance: Chance): string {
  const isList =
    paths.some(({ steps }) => steps[0] === '[]') && paths.every(({ steps }) => steps[0] === '[]' || /^\d+$/.test(steps[0] ?? ''));
  const root = new Map<string, unknown>();
  // What is cast to something is said last, so that it wins.
  for (const { steps, type } of [...paths].sort((a, b) => Number(a.type !== undefined) - Number(b.type !== undefined))) {
    const names = steps.filter((step) => step !== '[]' && step !== '' && !/^\d+$/.test(step)).slice(0, 8);
    let at = root;
    for (const [depth, name] of names.entries()) {
      const known = at.get(name);
      if (depth < names.length - 1) {
        const next = known instanceof Map ? (known as Map<string, unknown>) : new Map<string, unknown>();
        at.set(name, next);
        at = next;
      } else if (!(known instanceof Map) && (known === undefined || type !== undefined)) at.set(name, jsonValue(name, type, index, chance));
    }
  }
  return JSON.stringify(isList ? [1 + chance.below(9), 1 + chance.below(9)] : toPlain(root));
}

function toPlain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries([...value].map(([key, inner]) => [key, toPlain(inner)])) : value;
}

function jsonValue(name: string, type: ColumnPlan['kind'] | undefined, index: number, chance: Chance): unknown {
  const moment = new Date(Date.UTC(2025, 10, 1 + (index % 28), index % 24)).toISOString().slice(0, 19);
  switch (
    type ??
    (/(_at|date|time|timestamp)$/.test(name)
      ? 'timestamp'
      : /(^|_)(id|count|amount|total|quantity|number)$/.test(name)
        ? 'integer'
        : /^(is|has)_/.test(name)
          ? 'boolean'
          : 'text')
  ) {
    case 'timestamp':
      return moment.replace('T', ' ');
    case 'date':
      return moment.slice(0, 10);
    case 'integer':
      return 1 + chance.below(50);
    case 'epoch':
      return 1_760_000_000 + index * 3600;
    case 'number':
      return 1 + chance.below(5000) / 100;
    case 'boolean':
      return chance.happens(60);
    case 'json':
      return {};
    default:
      return believable(name, index + 1, chance);
  }
}
