import { raise } from './errors.ts';
import { toIndex, toNumber } from './protocols.ts';
import { formatTime, parseTime } from './python-strftime.ts';
import { offsetText, toZone, utc, Zone } from './python-zone.ts';
import { stringRepr, toText } from './repr.ts';
import type { Callable, Keywords, Value } from './values.ts';
import { Float, PyModule, PyObject, toTuple } from './values.ts';

const second = 1_000_000n;
const day = 86_400n * second;

const two = (value: number | bigint): string => String(value).padStart(2, '0');

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** `timedelta`, in microseconds. */
export class TimeDelta extends PyObject {
  readonly days: bigint;
  readonly rest: bigint;

  constructor(readonly micros: bigint) {
    super();
    this.days = floorDivide(micros, day);
    this.rest = micros - this.days * day;
  }

  override get typeName(): string {
    return 'datetime.timedelta';
  }

  override truth(): boolean {
    return this.micros !== 0n;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'days':
        return Number(this.days);
      case 'seconds':
        return Number(this.rest / second);
      case 'microseconds':
        return Number(this.rest % second);
      case 'total_seconds':
        return () => new Float(Number(this.micros) / 1e6);
      default:
        return undefined;
    }
  }

  override text(): string {
    const seconds = this.rest / second;
    const micros = this.rest % second;
    const days = this.days === 0n ? '' : `${this.days} day${this.days === 1n || this.days === -1n ? '' : 's'}, `;
    return `${days}${seconds / 3600n}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${micros === 0n ? '' : `.${String(micros).padStart(6, '0')}`}`;
  }

  override repr(): string {
    const parts = [
      ['days', this.days],
      ['seconds', this.rest / second],
      ['microseconds', this.rest % second],
    ].filter(([, value]) => value !== 0n);
    return `datetime.timedelta(${parts.length === 0 ? '0' : parts.map(([name, value]) => `${name}=${value}`).join(', ')})`;
  }

  override equals(other: Value): boolean {
    return other instanceof TimeDelta && other.micros === this.micros;
  }

  override compare(other: Value): number | undefined {
    return other instanceof TimeDelta ? Number(this.micros - other.micros) : undefined;
  }

  override hashKey(): unknown {
    return `delta${this.micros}`;
  }

  override binary(operator: string, right: Value): Value | undefined {
    if (right instanceof TimeDelta) {
      if (operator === '+') return new TimeDelta(this.micros + right.micros);
      if (operator === '-') return new TimeDelta(this.micros - right.micros);
      if (operator === '/') return new Float(Number(this.micros) / Number(right.micros));
      if (right.micros === 0n && /^(\/|\/\/|%)$/.test(operator)) raise('ZeroDivisionError', 'integer division or modulo by zero');
      if (operator === '//') return Number(floorDivide(this.micros, right.micros));
      if (operator === '%') return new TimeDelta(this.micros - floorDivide(this.micros, right.micros) * right.micros);
      return undefined;
    }
    if (right instanceof DateTime) return operator === '+' ? right.plus(this.micros) : undefined;
    if (typeof right !== 'number' && !(right instanceof Float)) return undefined;
    const factor = toNumber(right);
    if (operator === '*') return new TimeDelta(BigInt(Math.round(Number(this.micros) * factor)));
    if (operator === '/') return new TimeDelta(BigInt(Math.round(Number(this.micros) / factor)));
    return operator === '//' && typeof right === 'number' ? new TimeDelta(floorDivide(this.micros, BigInt(right))) : undefined;
  }

  override reflected(operator: string, left: Value): Value | undefined {
    if (operator === '*') return this.binary('*', left);
    return operator === '-' && left === 0 ? new TimeDelta(-this.micros) : undefined;
  }
}

/** `datetime`, or `date` where `isDate`: the time on the wall in microseconds since 1970, and the zone of the wall. */
export class DateTime extends PyObject {
  readonly date: Date;
  readonly micro: number;

  constructor(
    readonly wall: bigint,
    readonly isDate: boolean,
    readonly zone?: Zone,
  ) {
    super();
    const millis = floorDivide(wall, 1000n);
    this.date = new Date(Number(millis));
    const year = this.date.getUTCFullYear();
    if (Number.isNaN(year) || year < 1 || year > 9999) raise('OverflowError', 'date value out of range');
    this.micro = Number(wall - floorDivide(wall, second) * second);
  }

  /** Seconds east of Greenwich; undefined without a zone. */
  get offset(): number | undefined {
    return this.zone?.offsetOnWall(Number(floorDivide(this.wall, 1000n)));
  }

  get instant(): bigint {
    return this.wall - BigInt(this.offset ?? 0) * second;
  }

  override get typeName(): string {
    return this.isDate ? 'datetime.date' : 'datetime.datetime';
  }

  plus(micros: bigint): DateTime {
    const step = this.isDate ? floorDivide(micros, day) * day : micros;
    return new DateTime(this.wall + step, this.isDate, this.zone);
  }

  iso(separator: string, timespec = 'auto'): string {
    const { date } = this;
    const days = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    if (this.isDate) return days;
    return days + separator + this.clock(timespec) + (this.offset === undefined ? '' : offsetText(this.offset, ':'));
  }

  /** The time of the day as `isoformat` writes it. */
  clock(timespec: string): string {
    const { date, micro } = this;
    const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two);
    const whole = `${hours}:${minutes}:${seconds}`;
    const fraction = String(micro).padStart(6, '0');
    switch (timespec) {
      case 'auto':
        return micro === 0 ? whole : `${whole}.${fraction}`;
      case 'hours':
        return String(hours);
      case 'minutes':
        return `${hours}:${minutes}`;
      case 'seconds':
        return whole;
      case 'milliseconds':
        return `${whole}.${fraction.slice(0, 3)}`;
      case 'microseconds':
        return `${whole}.${fraction}`;
      default:
        return raise('ValueError', 'Unknown timespec value');
    }
  }

  override text(): string {
    return this.iso(' ');
  }

  override repr(): string {
    const { date } = this;
    const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    if (this.isDate) return `datetime.date(${parts.join(', ')})`;
    parts.push(date.getUTCHours(), date.getUTCMinutes());
    if (date.getUTCSeconds() !== 0 || this.micro !== 0) parts.push(date.getUTCSeconds());
    if (this.micro !== 0) parts.push(this.micro);
    return `datetime.datetime(${parts.join(', ')}${this.zone ? `, tzinfo=${this.zone.repr()}` : ''})`;
  }

  override format(spec: string): string {
    return formatTime(this, spec);
  }

  override equals(other: Value): boolean {
    return other instanceof DateTime && other.instant === this.instant && other.isDate === this.isDate;
  }

  override compare(other: Value): number | undefined {
    if (!(other instanceof DateTime) || other.isDate !== this.isDate) return undefined;
    if ((other.zone === undefined) !== (this.zone === undefined))
      raise('TypeError', "can't compare offset-naive and offset-aware datetimes");
    return Number(this.instant - other.instant);
  }

  override hashKey(): unknown {
    return `time${this.isDate}${this.instant}`;
  }

  override binary(operator: string, right: Value): Value | undefined {
    if (right instanceof TimeDelta) {
      if (operator === '+') return this.plus(right.micros);
      return operator === '-' ? this.plus(-right.micros) : undefined;
    }
    if (!(right instanceof DateTime) || operator !== '-' || right.isDate !== this.isDate) return undefined;
    if ((right.zone === undefined) !== (this.zone === undefined))
      raise('TypeError', "can't subtract offset-naive and offset-aware datetimes");
    return new TimeDelta(this.instant - right.instant);
  }

  override attribute(name: string): Value | undefined {
    const { date } = this;
    switch (name) {
      case 'year':
        return date.getUTCFullYear();
      case 'month':
        return date.getUTCMonth() + 1;
      case 'day':
        return date.getUTCDate();
      case 'strftime':
        return (args) => formatTime(this, toText(args[0] ?? ''));
      case 'isoformat':
        return (args, keywords) =>
          this.iso(toText(args[0] ?? keywords.get('sep') ?? 'T'), toText(args[1] ?? keywords.get('timespec') ?? 'auto'));
      case 'weekday':
        return () => (date.getUTCDay() + 6) % 7;
      case 'isoweekday':
        return () => date.getUTCDay() || 7;
      case 'isocalendar':
        return () => named('datetime.IsoCalendarDate', { year: '%G', week: '%V', weekday: '%u' }, this);
      case 'toordinal':
        return () => Number(floorDivide(this.wall, day)) + 719_163;
      case 'replace':
        return (args, keywords) => this.#replace(args, keywords);
      case 'timetuple':
        return () =>
          named(
            'time.struct_time',
            {
              tm_year: '%Y',
              tm_mon: '%m',
              tm_mday: '%d',
              tm_hour: '%H',
              tm_min: '%M',
              tm_sec: '%S',
              tm_wday: (date.getUTCDay() + 6) % 7,
              tm_yday: '%j',
              tm_isdst: -1,
            },
            this,
          );
      case 'ctime':
        return () => formatTime(this, '%a %b %e %H:%M:%S %Y');
    }
    return this.isDate ? undefined : this.#timeAttribute(name);
  }

  #timeAttribute(name: string): Value | undefined {
    const { date } = this;
    switch (name) {
      case 'hour':
        return date.getUTCHours();
      case 'minute':
        return date.getUTCMinutes();
      case 'second':
        return date.getUTCSeconds();
      case 'microsecond':
        return this.micro;
      case 'tzinfo':
        return this.zone ?? null;
      case 'date':
        return () => new DateTime(floorDivide(this.wall, day) * day, true);
      case 'time':
        return () => new TimeOfDay(new DateTime(this.wall - floorDivide(this.wall, day) * day, false));
      case 'timetz':
        return () => new TimeOfDay(new DateTime(this.wall - floorDivide(this.wall, day) * day, false), this.zone);
      case 'dst':
        return () =>
          this.zone === undefined ? null : new TimeDelta(BigInt(this.zone.savingAt(Number(floorDivide(this.instant, 1000n)))) * second);
      case 'timestamp':
        return () => new Float(Number(this.instant) / 1e6);
      case 'utcoffset':
        return () => (this.offset === undefined ? null : new TimeDelta(BigInt(this.offset) * second));
      case 'tzname':
        return () => this.zone?.abbreviation(Number(floorDivide(this.instant, 1000n))) ?? null;
      case 'astimezone':
        return (args) => this.inZone(args[0] === undefined || args[0] === null ? utc : toZone(args[0]));
      default:
        return undefined;
    }
  }

  /** The same instant on another wall; without a zone it is taken for UTC. */
  inZone(zone: Zone): DateTime {
    const { instant } = this;
    return new DateTime(instant + BigInt(zone.offsetAt(Number(floorDivide(instant, 1000n)))) * second, false, zone);
  }

  #replace(args: readonly Value[], keywords: Keywords): DateTime {
    const { date } = this;
    const now = [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
      this.micro,
    ];
    const parts = now.map((part, i) => toIndex(args[i] ?? keywords.get(partNames[i] as string) ?? part));
    const zone = keywords.get('tzinfo');
    return buildDateTime(parts, this.isDate, zone === undefined ? this.zone : zone === null ? undefined : toZone(zone));
  }
}

/** A named tuple of numbers: those given, or those that a format writes. */
function named(type: string, parts: Readonly<Record<string, string | number>>, moment: DateTime): Value {
  const tuple = toTuple(Object.values(parts).map((part) => (typeof part === 'number' ? part : Number(formatTime(moment, part)))));
  tuple.fields = Object.keys(parts);
  tuple.type = type;
  return tuple;
}

/** `datetime.time`: a time of the day, kept as one of the first of January 1970. */
export class TimeOfDay extends PyObject {
  constructor(
    readonly moment: DateTime,
    readonly zone?: Zone,
  ) {
    super();
  }

  override get typeName(): string {
    return 'datetime.time';
  }

  override text(): string {
    return this.moment.clock('auto');
  }

  override repr(): string {
    const parts = ['hour', 'minute', 'second', 'microsecond'].map((name) => Number(this.moment.attribute(name)));
    while (parts.length > 2 && parts.at(-1) === 0) parts.pop();
    return `datetime.time(${parts.join(', ')})`;
  }

  override format(spec: string): string {
    return formatTime(this.moment, spec);
  }

  override equals(other: Value): boolean {
    return other instanceof TimeOfDay && other.moment.wall === this.moment.wall;
  }

  override compare(other: Value): number | undefined {
    return other instanceof TimeOfDay ? Number(this.moment.wall - other.moment.wall) : undefined;
  }

  override hashKey(): unknown {
    return `clock${this.moment.wall}`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'hour':
      case 'minute':
      case 'second':
      case 'microsecond':
      case 'strftime':
        return this.moment.attribute(name);
      case 'tzinfo':
        return this.zone ?? null;
      case 'isoformat':
        return (args, keywords) => this.moment.clock(toText(args[0] ?? keywords.get('timespec') ?? 'auto'));
      case 'replace':
        return (args, keywords) => {
          const parts = clockNames.map((part, i) => toIndex(args[i] ?? keywords.get(part) ?? this.moment.attribute(part)));
          return buildTime(parts);
        };
      default:
        return undefined;
    }
  }
}

const clockNames = ['hour', 'minute', 'second', 'microsecond'];

function buildTime(parts: readonly number[]): TimeOfDay {
  return new TimeOfDay(buildDateTime([1970, 1, 1, ...parts], false));
}

const partNames = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'];

/** A date from its parts, which are checked as Python checks them. */
export function buildDateTime(parts: readonly number[], isDate: boolean, zone?: Zone): DateTime {
  const [year = 1, month = 1, date = 1, hour = 0, minute = 0, seconds = 0, micro = 0] = parts;
  if (year < 1 || year > 9999) raise('ValueError', `year ${year} is out of range`);
  if (month < 1 || month > 12) raise('ValueError', 'month must be in 1..12');
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (date < 1 || date > last) raise('ValueError', 'day is out of range for month');
  if (hour < 0 || hour > 23) raise('ValueError', 'hour must be in 0..23');
  if (minute < 0 || minute > 59) raise('ValueError', 'minute must be in 0..59');
  if (seconds < 0 || seconds > 59) raise('ValueError', 'second must be in 0..59');
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, date);
  moment.setUTCHours(hour, minute, seconds, 0);
  return new DateTime(BigInt(moment.getTime()) * 1000n + BigInt(micro), isDate, zone);
}

const units: readonly (readonly [string, bigint])[] = [
  ['days', day],
  ['seconds', second],
  ['microseconds', 1n],
  ['milliseconds', 1000n],
  ['minutes', 60n * second],
  ['hours', 3600n * second],
  ['weeks', 7n * day],
];

const timedelta: Callable = (args, keywords) => {
  let micros = 0n;
  for (const [i, [name, unit]] of units.entries()) {
    const value = args[i] ?? keywords.get(name);
    if (value === undefined) continue;
    const count = toNumber(value);
    micros += Number.isInteger(count) ? BigInt(count) * unit : BigInt(Math.round(count * Number(unit)));
  }
  const unknown = [...keywords.keys()].find((key) => !units.some(([name]) => name === key));
  if (unknown !== undefined) raise('TypeError', `'${unknown}' is an invalid keyword argument for __new__()`);
  return new TimeDelta(micros);
};

function fromIso(value: Value | undefined, isDate: boolean): DateTime {
  const text = toText(value ?? '');
  const match = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!match || (isDate && match[4] !== undefined)) raise('ValueError', `Invalid isoformat string: ${stringRepr(text)}`);
  const parts = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0));
  return buildDateTime(
    [...parts, Number((match[7] ?? '').padEnd(6, '0'))],
    isDate,
    match[8] === undefined ? undefined : Zone.fixed(match[8]),
  );
}

function timeFromIso(text: string): TimeOfDay {
  const match = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?$/.exec(text);
  if (match === null) raise('ValueError', `Invalid isoformat string: ${stringRepr(text)}`);
  return buildTime([...[1, 2, 3].map((i) => Number(match[i] ?? 0)), Number((match[4] ?? '').padEnd(6, '0'))]);
}

function fromOrdinal(value: Value | undefined, isDate: boolean): DateTime {
  return new DateTime((BigInt(toIndex(value)) - 719_163n) * day, isDate);
}

/** The day of a week of ISO's calendar, whose first week is that of the fourth of January. */
function fromIsoCalendar(args: readonly Value[], isDate: boolean): DateTime {
  const [year = 1, week = 1, weekday = 1] = args.map((value) => toIndex(value));
  const fourth = buildDateTime([year, 1, 4], isDate);
  const monday = fourth.wall - BigInt((fourth.date.getUTCDay() + 6) % 7) * day;
  return new DateTime(monday + BigInt((week - 1) * 7 + weekday - 1) * day, isDate);
}

/** `modules.datetime`, where now is a given moment. */
export function buildDatetimeModule(now: DateTime): PyModule {
  const construct =
    (isDate: boolean): Callable =>
    (args, keywords) => {
      const parts = partNames
        .map((name, i) => args[i] ?? keywords.get(name))
        .map((value, i) => (value === undefined && i > 2 ? 0 : toIndex(value)));
      const zone = args[7] ?? keywords.get('tzinfo') ?? null;
      return buildDateTime(parts, isDate, zone === null ? undefined : toZone(zone));
    };
  const naive = new DateTime(now.instant, false);
  const today = new DateTime(floorDivide(naive.wall, day) * day, true);
  const datetime = new PyModule(
    'datetime.datetime',
    {
      now: (args, keywords) => {
        const zone = args[0] ?? keywords.get('tz') ?? null;
        return zone === null ? naive : naive.inZone(toZone(zone));
      },
      utcnow: () => naive,
      today: () => naive,
      strptime: (args) => {
        const { parts, zone } = parseTime(toText(args[0] ?? ''), toText(args[1] ?? ''));
        return buildDateTime(parts, false, zone === undefined ? undefined : Zone.fixed(zone));
      },
      fromisoformat: (args) => fromIso(args[0], false),
      fromtimestamp: (args) => {
        const moment = new DateTime(BigInt(Math.round(toNumber(args[0]) * 1e6)), false);
        return args[1] === undefined ? moment : moment.inZone(toZone(args[1]));
      },
      combine: (args) => {
        const [date, time] = args;
        if (!(date instanceof DateTime) || !(time instanceof TimeOfDay)) raise('TypeError', 'combine() takes a date and a time');
        return new DateTime(floorDivide(date.wall, day) * day + time.moment.wall, false, time.zone);
      },
      utcfromtimestamp: (args) => new DateTime(BigInt(Math.round(toNumber(args[0]) * 1e6)), false),
      fromordinal: (args) => fromOrdinal(args[0], false),
      fromisocalendar: (args) => fromIsoCalendar(args, false),
      min: buildDateTime([1, 1, 1], false),
      max: buildDateTime([9999, 12, 31, 23, 59, 59, 999_999], false),
    },
    construct(false),
  );
  const date = new PyModule(
    'datetime.date',
    {
      today: () => today,
      fromisoformat: (args) => fromIso(args[0], true),
      fromtimestamp: (args) => new DateTime(floorDivide(BigInt(Math.round(toNumber(args[0]) * 1e6)), day) * day, true),
      fromordinal: (args) => fromOrdinal(args[0], true),
      fromisocalendar: (args) => fromIsoCalendar(args, true),
      min: buildDateTime([1, 1, 1], true),
      max: buildDateTime([9999, 12, 31], true),
    },
    construct(true),
  );
  return new PyModule('datetime', {
    datetime,
    date,
    time: new PyModule(
      'datetime.time',
      { min: buildTime([0, 0]), max: buildTime([23, 59, 59, 999_999]), fromisoformat: (args) => timeFromIso(toText(args[0] ?? '')) },
      (args, keywords) => buildTime(clockNames.map((name, i) => toIndex(args[i] ?? keywords.get(name) ?? 0))),
    ),
    timedelta: new PyModule(
      'datetime.timedelta',
      { min: new TimeDelta(-999_999_999n * day), max: new TimeDelta(1_000_000_000n * day - 1n), resolution: new TimeDelta(1n) },
      timedelta,
    ),
    tzinfo: new PyModule('datetime.tzinfo', {}),
    timezone: new PyModule('datetime.timezone', { utc }, (args) =>
      Zone.ofDelta(args[0] instanceof TimeDelta ? Number(args[0].micros / second) : 0),
    ),
  });
}
