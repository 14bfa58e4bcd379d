import { raise } from './errors.ts';
import type { Value } from './values.ts';
import { PyObject } from './values.ts';

/** `+05:30`, or `+0530` without a separator. */
export function offsetText(seconds: number, separator: string): string {
  const size = Math.abs(seconds);
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${separator}${two(Math.floor(size / 60) % 60)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Short names that no locale of English has. */
const eastern: Readonly<Record<string, string>> = {
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Shanghai': 'CST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Taipei': 'CST',
  'Asia/Manila': 'PST',
  'Asia/Jakarta': 'WIB',
  'Asia/Karachi': 'PKT',
  'Europe/Moscow': 'MSK',
  'Africa/Nairobi': 'EAT',
  'Africa/Lagos': 'WAT',
};

/** A time zone: a fixed offset, or a name of the time zone database. */
export class Zone extends PyObject {
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(
    readonly name: string,
    readonly fixedOffset?: number,
  ) {
    super();
    if (fixedOffset === undefined) {
      try {
        this.#format = new Intl.DateTimeFormat('en-US', {
          timeZone: name,
          hourCycle: 'h23',
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
          second: 'numeric',
        });
      } catch {
        raise('UnknownTimeZoneError', `'${name}'`);
      }
    }
  }

  /** From `Z` or `+05:30`. */
  static fixed(text: string): Zone {
    if (text === 'Z') return Zone.ofDelta(0);
    const match = /^([+-])(\d\d):?(\d\d)$/.exec(text);
    const size = Number(match?.[2] ?? 0) * 3600 + Number(match?.[3] ?? 0) * 60;
    return Zone.ofDelta(match?.[1] === '-' ? -size : size);
  }

  static ofDelta(seconds: number): Zone {
    const size = Math.abs(seconds);
    const text = `${String(Math.floor(size / 3600)).padStart(2, '0')}:${String(Math.floor(size / 60) % 60).padStart(2, '0')}`;
    return new Zone(seconds === 0 ? 'UTC' : `UTC${seconds < 0 ? '-' : '+'}${text}`, seconds);
  }

  /** Seconds east of Greenwich at an instant in milliseconds. */
  offsetAt(instant: number): number {
    if (!this.#format) return this.fixedOffset ?? 0;
    const parts = new Map(this.#format.formatToParts(new Date(instant)).map((part) => [part.type, Number(part.value)]));
    const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
    return Math.round((wall - Math.floor(instant / 1000) * 1000) / 1000);
  }

  /** The offset when the wall shows that many milliseconds. */
  offsetOnWall(wall: number): number {
    return this.offsetAt(wall - this.offsetAt(wall) * 1000);
  }

  /** How much of the offset is daylight saving: what the smaller of the offsets around the year leaves. */
  savingAt(instant: number): number {
    const year = 365 * 86_400_000;
    const around = [0, 1, 2, 3].map((quarter) => this.offsetAt(instant - (quarter * year) / 4));
    return this.offsetAt(instant) - Math.min(...around);
  }

  /** The short name of the time that is kept at an instant: the database's own, of which each English-speaking country knows some. */
  abbreviation(instant: number): string {
    if (!this.#format) return this.name;
    for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-ZA', 'en-IN', 'en-NZ']) {
      const format = new Intl.DateTimeFormat(locale, { timeZone: this.name, timeZoneName: 'short' });
      const name = format.formatToParts(new Date(instant)).find((part) => part.type === 'timeZoneName')?.value ?? '';
      if (!/^(GMT|UTC)[+-]/.test(name) && name !== '') return name;
    }
    const known = eastern[this.name];
    const offset = this.offsetAt(instant);
    return known ?? offsetText(offset, '').replace(/00$/, '');
  }

  override get typeName(): string {
    return 'tzinfo';
  }

  override text(): string {
    return this.name;
  }

  override repr(): string {
    if (this === utc) return '<UTC>';
    if (this.fixedOffset === undefined) return `<DstTzInfo '${this.name}'>`;
    if (this.fixedOffset === 0) return 'datetime.timezone.utc';
    const days = Math.floor(this.fixedOffset / 86_400);
    const parts = [...(days === 0 ? [] : [`days=${days}`]), `seconds=${this.fixedOffset - days * 86_400}`];
    return `datetime.timezone(datetime.timedelta(${parts.join(', ')}))`;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'zone') return this.name;
    return name === 'localize' || name === 'normalize' ? (args) => localize(args[0], this) : undefined;
  }
}

export const utc = new Zone('UTC', 0);

export function toZone(value: Value): Zone {
  if (value instanceof Zone) return value;
  raise('TypeError', 'tzinfo argument must be None or of a tzinfo subclass');
}

function localize(value: Value | undefined, zone: Zone): Value {
  const replace = value instanceof PyObject ? value.attribute('replace') : undefined;
  if (typeof replace !== 'function') raise('TypeError', 'localize needs a datetime');
  return replace([], new Map([['tzinfo', zone]]));
}
