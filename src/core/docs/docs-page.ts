import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { toWellFormed } from './markdown.ts';
import { escapeXml } from './picture-svg.ts';
import { toTestWords } from './test-words.ts';

const kindNames: Readonly<Record<string, string>> = {
  source: 'Sources',
  seed: 'Seeds',
  model: 'Models',
  snapshot: 'Snapshots',
  semantic_model: 'Semantic models',
  metric: 'Metrics',
  saved_query: 'Saved queries',
  exposure: 'Exposures',
  analysis: 'Analyses',
};

/** The documentation of a project as one HTML file that fetches nothing: every node with its columns, tests, neighbours and SQL. */
export function toDocsPage(snapshot: Snapshot): string {
  const shown = [...snapshot.nodes.values()].filter((node) => node.enabled && node.kind in kindNames);
  const groups = Object.entries(kindNames).flatMap(([kind, title]) => {
    const nodes = shown.filter((node) => node.kind === kind).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    return nodes.length === 0 ? [] : [{ title, nodes }];
  });
  const { project } = snapshot;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(project.name)}</title><style>${style}</style></head><body>`,
    '<nav aria-label="Nodes"><input type="search" id="search" placeholder="Search names, columns, descriptions" aria-label="Search">',
    ...groups.map(
      ({ title, nodes }) =>
        `<h2>${title}</h2><ul>${nodes.map((node) => `<li><a href="#${anchor(node.id)}">${escapeXml(nameOf(node))}</a></li>`).join('')}</ul>`,
    ),
    '</nav><main>',
    `<header><h1>${escapeXml(project.name)}</h1><p>${shown.length} nodes in the dialect of ${escapeXml(project.dialect)}: ${escapeXml(project.dialectBecause)}</p></header>`,
    ...groups.flatMap(({ nodes }) => nodes.map((node) => toArticle(snapshot, node))),
    `</main><script>${script}</script></body></html>`,
    '',
  ].join('\n');
}

function toArticle(snapshot: Snapshot, node: ProjectNode): string {
  const facts = [
    node.kind.replace('_', ' '),
    isRelation(node) && node.kind === 'model' ? node.materialized : '',
    ...node.tags.map((tag) => `#${tag}`),
  ];
  const tests = [...snapshot.graph.children(node.id)].flatMap((id) => {
    const test = snapshot.nodes.get(id);
    return test?.kind === 'test' || test?.kind === 'unit_test' ? [test.name] : [];
  });
  const sql = snapshot.texts.get(node.id)?.source;
  return [
    `<article id="${anchor(node.id)}"><h2>${escapeXml(nameOf(node))}</h2>`,
    `<p class="facts">${facts
      .filter((fact) => fact !== '')
      .map(escapeXml)
      .join(' · ')} · <code>${escapeXml(node.path)}</code></p>`,
    node.description === '' ? '<p class="none">No description.</p>' : `<p class="description">${escapeXml(node.description)}</p>`,
    toColumnTable(snapshot, node.id),
    toLinks(snapshot, 'Reads', snapshot.graph.parents(node.id)),
    toLinks(snapshot, 'Read by', snapshot.graph.children(node.id)),
    tests.length === 0
      ? ''
      : `<details><summary>${tests.length} tests</summary><ul>${tests.map((name) => `<li>${escapeXml(name)}</li>`).join('')}</ul></details>`,
    sql === undefined ? '' : `<details><summary>SQL</summary><pre>${escapeXml(sql)}</pre></details>`,
    '</article>',
  ].join('\n');
}

function toColumnTable(snapshot: Snapshot, id: NodeId): string {
  const columns = snapshot.columns.get(id) ?? [];
  if (columns.length === 0) return '';
  const rows = columns.map((column) => {
    const tests = column.tests.flatMap((test) => toTestWords(snapshot, test) ?? []).join(', ');
    return `<tr><td><code>${escapeXml(column.name)}</code></td><td>${escapeXml(column.type)}</td><td>${escapeXml(column.description)}</td><td>${escapeXml(tests)}</td></tr>`;
  });
  return `<table><thead><tr><th>Column</th><th>Type</th><th>Description</th><th>Tests</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function toLinks(snapshot: Snapshot, title: string, ids: readonly NodeId[]): string {
  const links = ids.flatMap((id) => {
    const node = snapshot.nodes.get(id);
    return node?.enabled && node.kind in kindNames ? [`<a href="#${anchor(id)}">${escapeXml(nameOf(node))}</a>`] : [];
  });
  return links.length === 0 ? '' : `<p><b>${title}</b> ${links.join(', ')}</p>`;
}

function nameOf(node: ProjectNode): string {
  return node.kind === 'source'
    ? `${node.sourceName}.${node.name}`
    : node.kind === 'model' && node.version !== undefined
      ? `${node.name} v${node.version}`
      : node.name;
}

function anchor(id: string): string {
  return encodeURIComponent(toWellFormed(id));
}

const style = `
:root { color-scheme: light dark; --line: #8884; --quiet: #767676; --accent: #0b6bcb; }
@media (prefers-color-scheme: dark) { :root { --quiet: #9a9a9a; --accent: #6cb2ff; } }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 18rem 1fr; font: 14px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); }
nav h2 { font-size: 12px; color: var(--quiet); margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav input { width: 100%; padding: .4rem .6rem; font: inherit; }
main { padding: 1rem 2rem; max-width: 70rem; min-width: 0; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article h2 { margin: 0; } .facts, .none { color: var(--quiet); margin: .2rem 0; } .description { white-space: pre-line; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); white-space: pre-line; }
pre { overflow: auto; padding: .75rem; border: 1px solid var(--line); }
[hidden] { display: none; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } }`;

const script = `
const box = document.getElementById('search');
const articles = [...document.querySelectorAll('article')].map((element) => ({ element, text: element.textContent.toLowerCase(), link: document.querySelector('nav a[href="#' + element.id + '"]') }));
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const { element, text, link } of articles) {
    const shown = words.every((word) => text.includes(word));
    element.hidden = !shown;
    if (link) link.parentElement.hidden = !shown;
  }
});`;
