import { fail } from './function.ts';
import type { Json } from './json-value.ts';

/**
 * JSON as Snowflake reads it: names without quotes, text in single quotes, elements that are missing (they become `null` here), a comma
 * behind the last, and comments.
 */
export function parseRelaxed(text: string): Json {
  let at = 0;
  const wrong = (): never => fail(`'${text.length > 40 ? `${text.slice(0, 40)}…` : text}' is not JSON`);
  const skip = (): void => {
    const blank = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
  };
  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = at;
    const found = sticky.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const quoted = (): string | undefined => {
    const double = take(/"(?:[^"\\]|\\.)*"/);
    if (double !== undefined) {
      try {
        return JSON.parse(double) as string;
      } catch {
        return wrong();
      }
    }
    const single = take(/'(?:[^'\\]|\\.)*'/);
    return single?.slice(1, -1).replace(/\\(.)/g, '$1');
  };
  const value = (): Json => {
    skip();
    if (text[at] === '{') return object();
    if (text[at] === '[') return array();
    const found = quoted();
    if (found !== undefined) return found;
    const word = take(/[A-Za-z_$][\w$]*/);
    if (word !== undefined) {
      const known: Readonly<Record<string, Json>> = { true: true, false: false, null: null, undefined: null };
      const lower = word.toLowerCase();
      return Object.hasOwn(known, lower) ? (known[lower] ?? null) : wrong();
    }
    const number = take(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/);
    return number === undefined ? wrong() : Number(number);
  };
  const array = (): Json => {
    const items: Json[] = [];
    at++;
    for (;;) {
      skip();
      if (text[at] === ']') break;
      if (text[at] === ',') {
        items.push(null);
        at++;
        continue;
      }
      items.push(value());
      skip();
      if (text[at] === ',') at++;
      else if (text[at] !== ']') return wrong();
    }
    at++;
    return items;
  };
  const object = (): Json => {
    const fields: [string, Json][] = [];
    at++;
    for (;;) {
      skip();
      if (text[at] === '}') break;
      const name = quoted() ?? take(/[\w$.-]+/) ?? wrong();
      skip();
      if (text[at] !== ':') return wrong();
      at++;
      fields.push([name, value()]);
      skip();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') return wrong();
    }
    at++;
    return Object.fromEntries(fields);
  };
  const found = value();
  skip();
  return at === text.length ? found : wrong();
}
