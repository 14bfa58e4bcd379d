const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** MarkupSafe's `escape`. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  euro: '€',
};

/** The text without comments and tags, its white space folded and its entities resolved. */
export function stripTags(text: string): string {
  const bare = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]*>/g, '');
  return unescapeHtml(bare.split(/\s+/).filter(Boolean).join(' '));
}

/** The text with its entities resolved. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (match, body: string) => {
    if (!body.startsWith('#')) return named[body] ?? match;
    const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

const unreserved = /[!'()*]/g;

/** Percent-encodes as `urllib.parse.quote` does; in a query string the slash is encoded and a space is `+`. */
export function quoteUrl(text: string, inQuery = false): string {
  const quoted = encodeURIComponent(text).replace(unreserved, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return inQuery ? quoted.replace(/%20/g, '+') : quoted.replace(/%2F/g, '/');
}

const word = '[\\p{L}\\p{N}_]';
const webAddress = new RegExp(
  `^((https?://|www\\.)((?:(?:${word}|[%-])+\\.)+)?([a-z]{2,63}|xn--(?:${word}|%){2,59})|((?:${word}|[%-]){2,63}\\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)(((\\d{1,3})(\\.\\d{1,3}){3})|(\\[([\\da-f]{0,4}:){2}([\\da-f]{0,4}:?){1,6}\\])))(?::\\d{1,5})?(?:[/?#]\\S*)?$`,
  'iu',
);
const mailAddress = new RegExp(`^\\S+@${word}(?:${word}|[.-])*\\.${word}+$`, 'u');

export interface LinkOptions {
  readonly trim?: number | undefined;
  readonly rel?: string | undefined;
  readonly target?: string | undefined;
  readonly schemes?: readonly string[] | undefined;
}

/** Turns web and mail addresses in a text into links, as Jinja's `urlize` does. */
export function linkify(text: string, { trim, rel, target, schemes }: LinkOptions): string {
  const attributes = `${rel ? ` rel="${escapeHtml(rel)}"` : ''}${target ? ` target="${escapeHtml(target)}"` : ''}`;
  const shorten = (url: string): string => (trim !== undefined && url.length > trim ? `${url.slice(0, trim)}...` : url);
  return escapeHtml(text)
    .split(/(\s+)/)
    .map((piece) => {
      const { head, middle, tail } = trimPunctuation(piece);
      let link = middle;
      if (webAddress.test(middle))
        link = `<a href="${/^https?:\/\//.test(middle) ? '' : 'https://'}${middle}"${attributes}>${shorten(middle)}</a>`;
      else if (middle.startsWith('mailto:') && mailAddress.test(middle.slice(7))) link = `<a href="${middle}">${middle.slice(7)}</a>`;
      else if (middle.includes('@') && !middle.startsWith('www.') && !middle.includes(':') && mailAddress.test(middle))
        link = `<a href="mailto:${middle}">${middle}</a>`;
      else if (schemes?.some((scheme) => middle !== scheme && middle.startsWith(scheme)))
        link = `<a href="${middle}"${attributes}>${middle}</a>`;
      return head + link + tail;
    })
    .join('');
}

function trimPunctuation(piece: string): { head: string; middle: string; tail: string } {
  const head = /^(?:[(<]|&lt;)+/.exec(piece)?.[0] ?? '';
  let middle = piece.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of [
    ['(', ')'],
    ['<', '>'],
    ['&lt;', '&gt;'],
  ] as const) {
    const opened = middle.split(open).length - 1;
    if (opened <= middle.split(close).length - 1) continue;
    for (let i = Math.min(opened, tail.split(close).length - 1); i > 0; i--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return { head, middle, tail };
}
