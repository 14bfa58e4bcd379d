import type { Cell } from '../engine/engine.ts';
import type { AffectedNode, ChangeClass, NodeChange } from './change.ts';
import type { RowDifference, RowExample, UncomparedRows } from './compare-rows.ts';

/** Everything that is said of a change of a project. */
export interface Review {
  readonly base: string;
  readonly nodes: readonly NodeChange[];
  readonly affected: readonly AffectedNode[];
  readonly rows: readonly (RowDifference | UncomparedRows)[];
}

const meanings: Readonly<Record<ChangeClass, string>> = {
  cosmetic: 'means the same',
  none: 'no data changes',
  additive: 'only adds',
  values: 'other values',
  rows: 'other rows',
  schema: 'other columns',
  grain: 'rows stand for something else',
  unknown: 'cannot be told',
};

const severities: Readonly<Record<ChangeClass, 'error' | 'warning' | 'notice' | undefined>> = {
  grain: 'error',
  schema: 'warning',
  unknown: 'warning',
  rows: 'warning',
  values: 'notice',
  additive: 'notice',
  cosmetic: undefined,
  none: undefined,
};

const nameOf = (id: string): string => id.split('.').slice(2).join('.') || id;
const count = (n: number, word: string): string => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

/** The review as a comment to a pull request. */
export function toMarkdown({ base, nodes, affected, rows }: Review): string {
  const own = nodes.filter(({ class: kind }) => kind !== 'none');
  const lines = [`## What changes since \`${base}\``, ''];
  if (nodes.length === 0) return [...lines, 'Nothing changes.', ''].join('\n');
  lines.push(
    `${count(nodes.length, 'node')} changed, ${count(affected.length, 'node')} downstream ${affected.length === 1 ? 'is' : 'are'} affected.`,
    '',
  );
  if (own.length > 0) {
    lines.push('| | node | change | because |', '|---|---|---|---|');
    for (const { id, change, class: kind, because } of own)
      lines.push(
        `| ${change === 'added' ? '+' : change === 'removed' ? '−' : '~'} | \`${nameOf(id)}\` | **${kind}**: ${meanings[kind]} | ${because
          .slice(0, 4)
          .map(({ text }) => escapeCell(text))
          .join('<br>')}${because.length > 4 ? `<br>… and ${because.length - 4} more` : ''} |`,
      );
    lines.push('');
  }
  const compared = rows.filter((one) => 'same' in one);
  if (compared.length > 0) {
    lines.push('### Rows', '', '| node | by | added | removed | changed | same | columns |', '|---|---|--:|--:|--:|--:|---|');
    for (const { id, key, added, removed, changed, same, columns } of compared)
      lines.push(
        `| \`${nameOf(id)}\` | ${key.map((name) => `\`${escapeCell(name)}\``).join(', ')} | ${added} | ${removed} | ${changed} | ${same} | ${columns.map(({ name, changed: n }) => `${escapeCell(name)} (${n})`).join(', ')} |`,
      );
    lines.push('');
    for (const { id, examples } of compared)
      for (const example of examples.slice(0, 3)) lines.push(`- \`${nameOf(id)}\` ${escapeCell(toWords(example))}`);
    if (compared.some(({ examples }) => examples.length > 0)) lines.push('');
  }
  for (const one of rows) if ('problem' in one) lines.push(`- \`${nameOf(one.id)}\` was not compared: ${escapeCell(one.problem)}`);
  if (affected.length > 0) {
    lines.push('<details><summary>Affected downstream</summary>', '', '| node | columns | by way of |', '|---|---|---|');
    for (const { id, columns, certain, path } of affected)
      lines.push(
        `| \`${nameOf(id)}\` | ${columns.slice(0, 12).map(escapeCell).join(', ')}${columns.length > 12 ? `, … ${columns.length - 12} more` : ''}${certain ? '' : ' (not certain)'} | ${path.map(nameOf).join(' → ')} |`,
      );
    lines.push('', '</details>', '');
  }
  return lines.join('\n');
}

function toWords({ change, before, after }: RowExample): string {
  if (change !== 'changed' || before === undefined || after === undefined) return `${change}: ${toText(after ?? before ?? {})}`;
  const differing = Object.keys(after).filter((name) => name in before && toValue(before[name] ?? null) !== toValue(after[name] ?? null));
  const kept = Object.fromEntries(
    Object.entries(after)
      .filter(([name]) => !differing.includes(name))
      .slice(0, 3),
  );
  return `changed: ${toText(kept)}: ${differing
    .slice(0, 4)
    .map((name) => `${name} ${toValue(before[name] ?? null)} → ${toValue(after[name] ?? null)}`)
    .join(', ')}`;
}

const toText = (row: Readonly<Record<string, Cell>>): string =>
  Object.entries(row)
    .slice(0, 6)
    .map(([name, value]) => `${name} = ${toValue(value)}`)
    .join(', ');

function toValue(value: Cell): string {
  if (value === null) return 'NULL';
  const text = value instanceof Uint8Array ? 'bytes' : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Texts of a project are data: nothing of them is markup. */
function escapeCell(text: string): string {
  return text
    .replace(/[|<>[\]!*_\\]/g, (mark) => `\\${mark}`)
    .replace(/\\</g, '&lt;')
    .replace(/\\>/g, '&gt;')
    .replace(/\s+/g, ' ');
}

/** The review as commands of GitHub's workflows, which show it beside the lines. */
export function toAnnotations({ nodes }: Review): string {
  const plain = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (text: string): string => plain(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  return nodes
    .flatMap(({ id, class: kind, because }) => {
      const severity = severities[kind];
      const [place] = because.filter(({ path }) => path !== undefined);
      if (severity === undefined || place?.path === undefined) return [];
      const title = `${nameOf(id)}: ${meanings[kind]}`;
      return [
        `::${severity} file=${property(place.path)},line=${place.line ?? 1},title=${property(title)}::${plain(because.map(({ text }) => text).join(' '))}\n`,
      ];
    })
    .join('');
}

/** The review as a page of its own, which fetches nothing. */
export function toHtml({ base, nodes, affected, rows }: Review): string {
  const e = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
    body.length === 0
      ? ''
      : `<table><thead><tr>${head.map((cell) => `<th>${e(cell)}</th>`).join('')}</tr></thead><tbody>${body.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
  const compared = rows.filter((one) => 'same' in one);
  const parts = [
    `<h1>What changes since <code>${e(base)}</code></h1>`,
    `<p>${nodes.length === 0 ? 'Nothing changes.' : `${count(nodes.length, 'node')} changed, ${count(affected.length, 'node')} downstream affected.`}</p>`,
    table(
      ['Node', 'Change', 'Class', 'Because'],
      nodes.map(({ id, change, class: kind, because }) => [
        `<code>${e(nameOf(id))}</code>`,
        change,
        `<b class="${kind}">${kind}</b> ${e(meanings[kind])}`,
        because
          .map(
            ({ text, path, line }) =>
              `${e(text)}${path === undefined ? '' : ` <small>${e(path)}${line === undefined ? '' : `:${line}`}</small>`}`,
          )
          .join('<br>'),
      ]),
    ),
    compared.length === 0 ? '' : '<h2>Rows</h2>',
    table(
      ['Node', 'By', 'Added', 'Removed', 'Changed', 'Same', 'Columns', 'Examples'],
      compared.map(({ id, key, added, removed, changed, same, columns, examples }) => [
        `<code>${e(nameOf(id))}</code>`,
        e(key.join(', ')),
        String(added),
        String(removed),
        String(changed),
        String(same),
        e(columns.map(({ name, changed: n }) => `${name} (${n})`).join(', ')),
        examples
          .slice(0, 5)
          .map((one) => e(toWords(one)))
          .join('<br>'),
      ]),
    ),
    affected.length === 0 ? '' : '<h2>Affected downstream</h2>',
    table(
      ['Node', 'Columns', 'By way of'],
      affected.map(({ id, columns, certain, path }) => [
        `<code>${e(nameOf(id))}</code>`,
        `${e(columns.join(', '))}${certain ? '' : ' (not certain)'}`,
        e(path.map(nameOf).join(' → ')),
      ]),
    ),
  ];
  const style =
    'body{font:14px/1.5 system-ui,sans-serif;margin:2em;max-width:110em;color-scheme:light dark}table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.3em .6em;text-align:left;vertical-align:top}small{opacity:.7}.grain,.schema{color:#c0392b}@media(prefers-color-scheme:dark){.grain,.schema{color:#ff8a7a}}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Review since ${e(base)}</title><style>${style}</style><body>${parts.join('')}</body></html>\n`;
}
