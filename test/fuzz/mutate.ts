/** Random numbers that a seed settles: below `n`. */
export type Random = (n: number) => number;

/** A generator of small state, so that a run can be had again by its seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

const pick = <Item>(items: readonly Item[], random: Random): Item => items[random(items.length)] as Item;

/** A text changed in one to six places: tokens doubled, dropped, swapped, nested, replaced by words of the language or pieces of another text. */
export function mutateText(text: string, other: string, words: readonly string[], random: Random, most = 4000): string {
  let tokens: string[] = text.match(/\s+|\w+|[^\s\w]/gu) ?? [];
  const others = other.match(/\s+|\w+|[^\s\w]/gu) ?? [];
  for (let change = 1 + random(6); change > 0; change--) {
    const at = random(tokens.length + 1);
    const long = 1 + random(random(4) === 0 ? 40 : 4);
    switch (random(9)) {
      case 0:
        tokens.splice(at, long);
        break;
      case 1:
        tokens.splice(at, 0, pick(words, random));
        break;
      case 2:
        tokens.splice(at, long, pick(words, random));
        break;
      case 3:
        tokens.splice(at, 0, ...tokens.slice(at, at + long));
        break;
      case 4: {
        const from = random(others.length + 1);
        tokens.splice(at, random(3), ...others.slice(from, from + long));
        break;
      }
      case 5:
        tokens = [...tokens.slice(0, at), ...tokens.slice(at + long), ...tokens.slice(at, at + long)];
        break;
      case 6: {
        const [open, close] = pick(pairs, random);
        tokens.splice(at, long, open.repeat(1 + random(4)), ...tokens.slice(at, at + long), close.repeat(1 + random(4)));
        break;
      }
      case 7: {
        const token = tokens[at] ?? '';
        const cut = random(token.length + 1);
        tokens.splice(at, 1, token.slice(0, cut) + pick(odd, random) + token.slice(cut));
        break;
      }
      default: {
        // The same piece many times: what is slow by its length shows.
        const piece = tokens.slice(at, at + long).join('');
        if (piece !== '') tokens.splice(at, 0, piece.repeat(1 + random(30)));
      }
    }
  }
  return tokens.join('').slice(0, most);
}

const pairs = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['{{ ', ' }}'],
  ['{% ', ' %}'],
  ['/*', '*/'],
  ["'", "'"],
  ['"', '"'],
  ['`', '`'],
] as const;

const odd = [
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u2028',
  '\ue000',
  '\u{1f600}',
  '\r',
  '\n',
  '\t',
  '-',
  '0',
  '9'.repeat(30),
  '1e999',
  '\\',
  "'",
  '"',
  '$',
  ':',
  '%',
  '__proto__',
  'constructor',
];

/** Bytes changed in one to eight places, or cut, or with pieces of another file. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let change = 1 + random(8); change > 0; change--) {
    const at = random(out.length || 1);
    switch (random(7)) {
      case 0:
        out[at] = random(256);
        break;
      case 1:
        out[at] = (out[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        out.set(pick(numbers, random).slice(0, out.length - at), at);
        break;
      case 3:
        out = out.slice(0, random(8) === 0 ? at : Math.max(at, out.length - random(16)));
        break;
      case 4: {
        const from = random(other.length || 1);
        out.set(other.slice(from, from + Math.min(1 + random(64), out.length - at)), at);
        break;
      }
      case 5:
        out.copyWithin(at, random(out.length || 1), random(out.length || 1));
        break;
      default:
        out = Uint8Array.of(...out.slice(0, at), ...Array.from({ length: random(8) }, () => random(256)), ...out.slice(at));
    }
  }
  return out;
}

const numbers = [
  [0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
].map((each) => Uint8Array.from(each));
