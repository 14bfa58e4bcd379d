// Everything random in the samples comes from here, so that one seed gives the same bytes on every machine.
import { en, Faker } from '@faker-js/faker';

const day = 86_400_000;

/** The window that all samples cover: two years, ending on the day the projects call today. */
export const window = { start: Date.UTC(2024, 6, 1), end: Date.UTC(2026, 5, 30, 23, 59, 59) };

/** A source of random values that repeats itself for a seed. */
export function createRandom(seed) {
  const faker = new Faker({ locale: en });
  faker.seed(seed);
  const next = () => faker.number.float({ min: 0, max: 1, multipleOf: 2 ** -30 });
  const chance = (probability) => next() < probability;
  const integer = (min, max) => min + Math.floor(next() * (max - min + 1) * 0.999999);

  /** One of the keys of `weights`, in proportion to its weight. */
  const weighted = (weights) => {
    const entries = Object.entries(weights);
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of entries) {
      left -= weight;
      if (left <= 0) return value;
    }
    return entries[entries.length - 1][0];
  };

  const pick = (list) => list[integer(0, list.length - 1)];

  /** A bell curve from twelve uniform draws: no logarithms, so the last digit is the same everywhere. */
  const normal = (mean, deviation) => {
    let sum = 0;
    for (let draw = 0; draw < 12; draw++) sum += next();
    return mean + (sum - 6) * deviation;
  };

  /** A long tail between two bounds: most draws near `min`, a few near `max`. */
  const skewed = (min, max, power = 3) => min + (max - min) * next() ** power;

  const between = (from, to) => Math.floor((from + next() * Math.max(0, to - from)) / 1000) * 1000;

  /** A moment in office hours on a weekday, mostly. */
  const workingMoment = (from, to) => {
    for (let attempt = 0; ; attempt++) {
      const midnight = Math.floor(between(from, to) / day) * day;
      const weekday = new Date(midnight).getUTCDay();
      if ((weekday === 0 || weekday === 6) && attempt < 5 && chance(0.82)) continue;
      const hour = Math.min(22, Math.max(6, Math.round(normal(13, 3))));
      const moment = midnight + hour * 3_600_000 + integer(0, 3599) * 1000;
      if (moment >= from && moment <= to) return moment;
      if (attempt >= 5) return Math.floor(from / 1000) * 1000;
    }
  };

  /** How busy a business is at a moment: quiet Augusts and Decembers, strong closes of quarters. */
  const season = (moment) => {
    const month = new Date(moment).getUTCMonth();
    return [0.95, 1, 1.15, 1, 1.02, 1.12, 0.9, 0.72, 1.1, 1.08, 1.06, 0.8][month];
  };

  const uuid = () => {
    const hex = (length) => {
      let text = '';
      for (let at = 0; at < length; at++) text += integer(0, 15).toString(16);
      return text;
    };
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
  };

  /** The label as people really type it: mostly right, sometimes in another case or with a stray space. */
  const typed = (label, sloppiness = 0.06) => {
    if (!chance(sloppiness)) return label;
    return pick([label.toLowerCase(), label.toUpperCase(), ` ${label}`, `${label} `]);
  };

  const shuffle = (list) => {
    const copy = [...list];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = integer(0, at);
      [copy[at], copy[other]] = [copy[other], copy[at]];
    }
    return copy;
  };

  return { faker, next, chance, integer, weighted, pick, normal, skewed, between, workingMoment, season, uuid, typed, shuffle };
}

/** `2026-06-30` */
export const toDate = (moment) => new Date(moment).toISOString().slice(0, 10);
/** `2026-06-30 14:05:09` */
export const toTimestamp = (moment) => new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
/** The moment `count` days after another. */
export const addDays = (moment, count) => moment + count * day;
/** The first moment of the month that lies `count` months after the month of `moment`. */
export const addMonths = (moment, count) => {
  const date = new Date(moment);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
};
/** A name as it stands in an address: lower case, no accents, no punctuation. */
export const toSlug = (text) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The text, or where it is taken already the text with the first number that makes it new; it is taken from then on. */
export function unique(taken, text) {
  let found = text;
  for (let count = 2; taken.has(found); count++) found = `${text}${count}`;
  taken.add(found);
  return found;
}
