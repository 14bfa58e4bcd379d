import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { completeAt } from '../../../src/core/docs/completion.ts';
import { describeNode } from '../../../src/core/docs/describe-node.ts';
import { hoverAt } from '../../../src/core/docs/hover.ts';
import { disarm, toCell, toCode, toCodeBlock, toLink, toName, toProse } from '../../../src/core/docs/markdown.ts';
import { toSvg } from '../../../src/core/docs/picture-svg.ts';
import { signatureAt } from '../../../src/core/docs/signature.ts';
import { findInlayTexts } from '../../../src/core/editor/inlay-hints.ts';
import { buildPicture } from '../../../src/core/layout/build.ts';
import { toProjectGraph } from '../../../src/core/layout/from-snapshot.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { LineMap } from '../../../src/core/text/span.ts';
import { readShop } from '../../support/project.ts';

const marked = new Marked({ gfm: true });

/** Everything in rendered Markdown that fetches, runs or restyles something without a click, and links that are more than addresses. */
function dangers(html: string): readonly string[] {
  const tags = [...html.matchAll(/<([a-z]+)([^>]*)>/gi)];
  const harmless = new Set([
    'p',
    'em',
    'strong',
    'code',
    'pre',
    'ul',
    'ol',
    'li',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'br',
    'hr',
    'h',
    'blockquote',
    'del',
    'a',
    'input',
  ]);
  return tags.flatMap(([tag, name = '', attributes = '']) => {
    if (!harmless.has(name.toLowerCase()) && !/^h\d?$/.test(name)) return [tag];
    const names = [...attributes.matchAll(/\s([a-z:-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)/gi)].map(([, attribute = '']) =>
      attribute.toLowerCase(),
    );
    if (names.some((attribute) => !['href', 'title', 'class', 'align', 'type', 'disabled', 'start'].includes(attribute))) return [tag];
    return [];
  });
}

const attacks = [
  '![x](https://evil.example/x.png)',
  '![x][r]\n\n[r]: https://evil.example/x.png',
  '![r]\n\n[r]: https://evil.example/x.png',
  '\\\\![x](https://evil.example/x.png)',
  '!\\[x](https://evil.example)![y](https://evil.example/y)',
  '`` ` ![x](https://evil.example/x.png)',
  '```\n![x](https://evil.example/x.png)',
  '<img src=https://evil.example/x.png>',
  '<IMG\nsrc="https://evil.example/x.png">',
  '<style>@import url(https://evil.example)</style>',
  '<svg/onload=fetch("https://evil.example")>',
  '<!--><img src=x>',
  '`</code><img src=https://evil.example/x.png>',
  '|x|\n|-|\n|![x](https://evil.example/x.png)|',
  '<details><summary><img src=https://evil.example/x.png></summary></details>',
  '](https://evil.example) ![x](https://evil.example/x.png)',
  '\\',
  '[x](headwater:models/%E0%A4%A.sql)',
  '<link rel="dns-prefetch" href="https://evil.example">',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
];

describe('Markdown of project text loads nothing', () => {
  it.each(attacks)('%j', (attack) => {
    const shapes = [
      disarm(attack),
      toProse(attack),
      `**${toName(attack)}**`,
      toCode(attack),
      `| ${toCell(attack)} | ${toCode(attack).replaceAll('|', '\\|')} |`,
      toCodeBlock('sql', attack),
      toLink(attack, attack, 3),
      // Whatever is composed, and whoever forgot to escape a part of it, what reaches the editor has been disarmed.
      disarm(`**${attack}** \`${attack}\` ${attack}\n\n\`\`\`sql\n${attack}\n\`\`\``),
    ];
    for (const shape of shapes) expect(dangers(marked.parse(shape) as string), shape).toEqual([]);
  });

  it('and is still Markdown', () => {
    expect(marked.parse(toProse('Paid **orders** by `id`, see [the wiki](https://wiki.example).'))).toBe(
      '<p>Paid <strong>orders</strong> by <code>id</code>, see <a href="https://wiki.example">the wiki</a>.</p>\n',
    );
    expect(marked.parse(toProse('a < b and c <= d'))).toBe('<p>a &lt; b and c &lt;= d</p>\n');
    expect(marked.parse(toCode('a `b` | c'))).toBe('<p><code>a `b` | c</code></p>\n');
  });
});

/** A project in which every name and every text that a person writes is an attack. */
function hostileProject(attack: string) {
  const yaml = JSON.stringify(attack);
  const quoted = attack.replaceAll('"', '""').replaceAll('\n', ' ');
  return readShop({
    'models/orders.sql': `-- ${attack.replaceAll('\n', ' ')}\nwith c as (select 1 as "${quoted}", 2 as id) select *, id + 1 as more from c`,
    'models/next.sql': `select "${quoted}", more, {{ var('v', 1) }} as v, {{ m(1) }} as w from {{ ref('orders') }}`,
    'macros/m.sql': `{# ${attack.replaceAll('#}', '')} #}\n{% macro m(a=${yaml}) %}1 -- ${attack}\n{% endmacro %}`,
    'models/schema.yml': `version: 2
models:
  - name: orders
    description: ${yaml}
    config: {tags: [${yaml}], group: ${yaml}, materialized: ${yaml}}
    columns:
      - {name: id, description: ${yaml}, data_type: ${yaml}, data_tests: [{accepted_values: {values: [${yaml}]}}]}
      - {name: ${yaml}, description: ${yaml}, data_type: ${yaml}}
sources:
  - {name: ${yaml}, description: ${yaml}, tables: [{name: ${yaml}, description: ${yaml}, columns: [{name: ${yaml}, description: ${yaml}}]}]}
exposures:
  - {name: board, type: ${yaml}, url: ${JSON.stringify(`https://x.example/${attack}`)}, label: ${yaml}, maturity: ${yaml}, owner: {name: ${yaml}}, depends_on: ["ref('orders')"]}
`,
    'models/docs.md': `{% docs block %}${attack}{% enddocs %}`,
  });
}

describe.each(attacks)('a project full of %j', (attack) => {
  const snapshot = hostileProject(attack);

  it('loads nothing in hovers, documentation, completion, signatures and hints', () => {
    const shown: string[] = [];
    for (const path of snapshot.sources.paths) {
      const text = snapshot.sources.find(path)?.text ?? '';
      const lines = new LineMap(text);
      for (let offset = 0; offset < text.length; offset += 3) {
        const at = lines.position(offset);
        shown.push(hoverAt(snapshot, path, at)?.markdown ?? '', signatureAt(snapshot, path, at)?.documentation ?? '');
        if (offset % 30 === 0) for (const item of completeAt(snapshot, path, at)?.items ?? []) shown.push(item.documentation ?? '');
      }
      for (const hint of findInlayTexts(snapshot, path)) shown.push(hint.tooltip);
    }
    for (const id of snapshot.nodes.keys()) shown.push(describeNode(snapshot, id));
    expect(shown.join('').length).toBeGreaterThan(300);
    // The editor's only door disarms once more; what goes into it is looked at here as the core composes it, but for raw descriptions.
    for (const markdown of new Set(shown)) expect(dangers(marked.parse(disarm(markdown)) as string), markdown).toEqual([]);
  });

  it('loads nothing from its exports', () => {
    const svg = toSvg(
      buildPicture(new GraphIndex(toProjectGraph(snapshot)), {
        scope: { kind: 'all' },
        expanded: [],
        grown: [],
        tests: false,
        sort: 'sql',
      }),
    );
    expect(
      [...svg.matchAll(/<(image|img|use|script|foreignObject|a|link)\b[^>]*>|<\w+(?=\s)[^>]*\s(?:xlink:href|href|src|on\w+)=/gi)].map(
        ([tag]) => tag,
      ),
    ).toEqual([]);
  });
});

describe('the editor has one door for Markdown', () => {
  const folder = join(import.meta.dirname, '../../../src/extension');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  it.each(['new MarkdownString(', '.supportHtml = true', '.isTrusted = true', '.appendMarkdown('])('%s', (written) => {
    const users = files.filter((name) => readFileSync(join(folder, name), 'utf8').includes(written));
    expect(users).toEqual(written === 'new MarkdownString(' ? ['markdown.ts'] : []);
  });

  it('which disarms', () => {
    expect(readFileSync(join(folder, 'markdown.ts'), 'utf8')).toContain('new MarkdownString(disarm(');
    expect(readFileSync(join(folder, 'views/docs-view.ts'), 'utf8')).toContain("'markdown.api.render', disarm(");
  });
});
