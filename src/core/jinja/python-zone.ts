import { raise } from './errors.ts';
import type { Value } from './values.ts';
import { PyObject } from './values.ts';

/** `+05:30`, or `+0530` without a separator. */
export function offsetText(seconds: number, separator: string): string {
  const size = Math.abs(seconds);
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${separator}${two(Math.floor(size / 60) % 60)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

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
    if (text === 'Z') return utc;
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

  abbreviation(instant: number): string {
    if (!this.#format) return this.name;
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: this.name, timeZoneName: 'short' }).formatToParts(new Date(instant));
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? this.name;
  }

  override get typeName(): string {
    return 'tzinfo';
  }

  override text(): string {
    return this.name;
  }

  override repr(): string {
    return this.name === 'UTC' ? '<UTC>' : `<DstTzInfo '${this.name}'>`;
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
