import type { SiteIndex, SiteNode } from '../../src/core/docs/site-data.ts';
import { readIndex } from './archive.ts';
import { make } from './markup.ts';
import { kindTitles, Pages, toAddress } from './pages.ts';
import { type Found, Search } from './search.ts';
import './style.css';

/** The list of everything, folded by kind and by package or folder. */
function toList(index: SiteIndex): HTMLElement {
  const list = make('div', { class: 'list' }, make('a', { href: '#/' }, 'Overview'), make('a', { href: '#/graph' }, 'Graph'));
  for (const [kind, title] of Object.entries(kindTitles)) {
    const nodes = index.nodes.filter((node) => node.kind === kind);
    if (nodes.length === 0) continue;
    const groups = new Map<string, SiteNode[]>();
    for (const node of nodes) {
      const name = node.package === index.project.name ? node.folders.join(' / ') : `package ${node.package}`;
      groups.set(name, [...(groups.get(name) ?? []), node]);
    }
    const folded = make('details', nodes.length < 60 ? { open: '' } : {}, make('summary', {}, `${title} (${nodes.length})`));
    // Large lists are made when they are opened.
    const fill = (): void => {
      if (folded.childElementCount > 1) return;
      for (const [name, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const links = [...members]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((node) =>
            make('a', { href: toAddress(node.id) }, node.kind === 'source' ? (node.name.split('.')[1] ?? node.name) : node.name),
          );
        folded.append(
          name === ''
            ? make('div', {}, ...links)
            : make('details', groups.size < 12 ? { open: '' } : {}, make('summary', {}, `${name} (${members.length})`), ...links),
        );
      }
    };
    if (nodes.length < 60) fill();
    else folded.addEventListener('toggle', fill);
    list.append(folded);
  }
  return list;
}

function toResults(found: readonly Found[]): HTMLElement[] {
  return found.map(({ node, column, inSql }) =>
    make(
      'a',
      { href: toAddress(node.id, column), role: 'option' },
      make('span', {}, column === undefined ? node.name : `${node.name}.${column}`),
      make(
        'small',
        { class: 'quiet' },
        inSql ?? (column === undefined ? `${node.kind} ${node.summary.slice(0, 80)}` : `column of a ${node.kind}`),
      ),
    ),
  );
}

function connectSearch(index: SiteIndex, box: HTMLInputElement, results: HTMLElement): void {
  const search = new Search(index);
  let asked = 0;
  box.addEventListener('input', () => {
    const text = box.value.trim();
    const mine = ++asked;
    results.hidden = text === '';
    if (text === '') return;
    void (async () => {
      const named = await search.find(text);
      if (mine !== asked) return;
      results.replaceChildren(...toResults(named));
      if (text.length < 3) return;
      const inSql = await search.findInSql(text);
      if (mine !== asked) return;
      const known = new Set(named.map(({ node }) => node));
      const more = inSql.filter(({ node }) => !known.has(node));
      if (more.length > 0) results.append(make('b', {}, 'In SQL'), ...toResults(more));
      if (results.childElementCount === 0) results.append(make('p', { class: 'quiet' }, 'Nothing found.'));
    })();
  });
  results.addEventListener('click', () => {
    results.hidden = true;
  });
  document.addEventListener('keydown', (event) => {
    const links = [...results.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === '/' && document.activeElement !== box) box.focus();
    else if (event.key === 'Escape') {
      results.hidden = true;
      box.focus();
    } else if (event.key === 'ArrowDown' && !results.hidden && (at !== -1 || document.activeElement === box)) links[at + 1]?.focus();
    else if (event.key === 'ArrowUp' && at !== -1) (at === 0 ? box : links[at - 1])?.focus();
    else if (event.key === 'Enter' && document.activeElement === box) links[0]?.click();
    else return;
    event.preventDefault();
  });
}

async function start(): Promise<void> {
  const index = await readIndex();
  const pages = new Pages(index);
  const box = make('input', {
    type: 'search',
    placeholder: 'Search  ( / )',
    'aria-label': 'Search names, columns, descriptions and SQL',
  }) as HTMLInputElement;
  const results = make('div', { class: 'results', role: 'listbox', 'aria-label': 'Found' });
  results.hidden = true;
  const main = make('main', { tabindex: '-1' });
  const menu = make('details', { class: 'menu' }, make('summary', {}, index.project.name), toList(index));
  const wide = matchMedia('(min-width: 50rem)');
  const fold = (): void => void menu.toggleAttribute('open', wide.matches);
  wide.addEventListener('change', fold);
  fold();
  document.body.append(make('nav', { 'aria-label': 'Pages' }, box, results, menu), main);
  connectSearch(index, box, results);
  let shown = 0;
  const show = async (isFirst: boolean): Promise<void> => {
    const mine = ++shown;
    const page = await pages.open(location.hash);
    if (mine !== shown) return;
    main.replaceChildren(page);
    document.title = `${page.querySelector('h1')?.textContent ?? ''} · ${index.project.name}`;
    if (isFirst) return;
    if (!wide.matches) menu.removeAttribute('open');
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  addEventListener('hashchange', () => void show(false));
  await show(true);
  document.body.dataset.ready = 'yes';
}

void start();
