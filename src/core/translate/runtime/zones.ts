import * as calendar from './calendar.ts';
import { fail } from './function.ts';

/** `+02:00` or `+0200`. */
export function zoneOffset(minutes: number, colon: boolean): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${String(size % 60).padStart(2, '0')}`;
}

/** Minutes east of UTC that a zone has at a moment given in UTC, or in the zone's own time when `local`. */
export function zoneShift(zone: string, at: calendar.Moment, local: boolean): number {
  const name = zone.trim();
  if (/^(utc|gmt|z|zulu)$/i.test(name) || name === '') return 0;
  if (/^[+-]/.test(name)) return calendar.zoneMinutes(name);
  // POSIX: a name of any kind and how far west of UTC it is.
  const posix = /^(?!Etc\/)[A-Za-z/_]{3,}\s*([+-])(\d{1,2})(?::(\d{2}))?$/.exec(name);
  if (posix) return (posix[1] === '+' ? -1 : 1) * (Number(posix[2]) * 60 + Number(posix[3] ?? 0));
  const offset = (milliseconds: number): number => {
    let parts: Intl.DateTimeFormatPart[];
    try {
      parts = formatterOf(name).formatToParts(new Date(milliseconds));
    } catch {
      return fail(`'${zone}' is not a time zone`);
    }
    const value = (type: string): number => Number(parts.find((found) => found.type === type)?.value ?? 0);
    const days = calendar.toDays(value('year'), value('month'), value('day'));
    return Math.round(
      (days * 86_400_000 +
        (value('hour') % 24) * 3_600_000 +
        value('minute') * 60_000 +
        value('second') * 1000 -
        Math.floor(milliseconds / 1000) * 1000) /
        60_000,
    );
  };
  const milliseconds = at.days * 86_400_000 + at.micros / 1000;
  const first = offset(milliseconds);
  return local ? offset(milliseconds - first * 60_000) : first;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
    formatters.set(zone, found);
  }
  return found;
}
