import { Marked } from 'marked';

/** An element with attributes and children; texts are never read as markup. */
export function make(tag: string, attributes: Readonly<Record<string, string>> = {}, ...children: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const toSafe = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Markdown that loads nothing: tags of HTML are shown as they are written, images become their texts, and only addresses of the web are links. */
const reader = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => toSafe(text),
    image: ({ text, href }) => toSafe(text || href),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return /^(https?:|mailto:)/i.test(href) ? `<a href="${toSafe(href)}" target="_blank" rel="noopener noreferrer">${inner}</a>` : inner;
    },
  },
});

/** A description as elements. */
export function toProse(markdown: string): HTMLElement {
  const element = make('div', { class: 'prose' });
  element.innerHTML = reader.parse(markdown, { async: false });
  return element;
}

const token =
  /(--[^\n]*|\/\*[\s\S]*?\*\/|\{#[\s\S]*?#\})|(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})|('(?:[^'\\]|''|\\.)*')|\b(\d+(?:\.\d+)?)\b|\b(select|from|where|group|order|by|having|join|left|right|full|inner|outer|cross|on|using|as|with|recursive|union|all|except|intersect|distinct|case|when|then|else|end|and|or|not|null|is|in|between|like|over|partition|rows|range|limit|offset|qualify|create|table|insert|into|values|cast|true|false|asc|desc|lateral|interval)\b/gi;
const classes = ['comment', 'jinja', 'string', 'number', 'keyword'];

/** SQL with its words told apart; names in ref() and source() are links where the page of that name is known. */
export function toCode(sql: string, findPage: (name: string) => string | undefined): HTMLElement {
  const code = make('code');
  let last = 0;
  for (const match of sql.matchAll(token)) {
    code.append(sql.slice(last, match.index));
    const at = match.slice(1).findIndex((part) => part !== undefined);
    const span = make('span', { class: classes[at] ?? '' });
    if (classes[at] === 'jinja') linkNames(span, match[0], findPage);
    else span.textContent = match[0];
    code.append(span);
    last = match.index + match[0].length;
  }
  code.append(sql.slice(last));
  return make('pre', { tabindex: '0' }, code);
}

function linkNames(span: HTMLElement, text: string, findPage: (name: string) => string | undefined): void {
  const call = /\b(ref|source)\(\s*['"]([^'"]+)['"](?:\s*,\s*['"]([^'"]+)['"])?\s*\)/.exec(text);
  const name = call?.[1] === 'source' ? `${call[2]}.${call[3]}` : (call?.[3] ?? call?.[2] ?? '');
  const page = call === null ? undefined : findPage(name);
  if (call === null || page === undefined) {
    span.textContent = text;
    return;
  }
  span.append(text.slice(0, call.index), make('a', { href: page }, call[0]), text.slice(call.index + call[0].length));
}
