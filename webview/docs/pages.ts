import type { SiteColumn, SiteDetail, SiteEnd, SiteIndex, SiteNode, SiteRelation } from '../../src/core/docs/site-data.ts';
import { readChunk, readRelations } from './archive.ts';
import { toGraphFrame } from './graphs.ts';
import { make, toCode, toProse } from './markup.ts';

/** The names of kinds, in the order in which they are listed. */
export const kindTitles: Readonly<Record<string, string>> = {
  model: 'Models',
  source: 'Sources',
  seed: 'Seeds',
  snapshot: 'Snapshots',
  metric: 'Metrics',
  semantic_model: 'Semantic models',
  saved_query: 'Saved queries',
  exposure: 'Exposures',
  analysis: 'Analyses',
};

/** The address of a page inside the file. */
export function toAddress(id: string, column?: string): string {
  return `#/${encodeURIComponent(id)}${column === undefined ? '' : `/${encodeURIComponent(column)}`}`;
}

/** The pages of a site; each is made when it is opened. */
export class Pages {
  readonly #byId: ReadonlyMap<string, SiteNode>;
  readonly #byName = new Map<string, SiteNode>();

  constructor(readonly index: SiteIndex) {
    this.#byId = new Map(index.nodes.map((node) => [node.id, node]));
    for (const node of index.nodes) if (!this.#byName.has(node.name)) this.#byName.set(node.name, node);
  }

  /** The page of an address. */
  async open(address: string): Promise<HTMLElement> {
    const [id = '', column] = address.replace(/^#\/?/, '').split('/').map(decode);
    if (id === '') return this.#overview();
    if (id === 'graph') return make('article', { class: 'wide' }, make('h1', {}, 'Graph'), await toGraphFrame(this.index));
    const node = this.#byId.get(id);
    if (node === undefined)
      return make(
        'article',
        {},
        make('h1', {}, 'Nothing here'),
        make('p', {}, `There is no page '${id}'.`),
        make('a', { href: '#/' }, 'To the overview'),
      );
    const detail = (await readChunk(node.chunk))[id];
    if (detail === undefined) throw new Error(`${id} is missing`);
    return column === undefined ? this.#node(node, detail) : this.#column(node, detail, column);
  }

  #overview(): HTMLElement {
    const { project, nodes, coverage, problems, problemCount } = this.index;
    const counts = Object.entries(kindTitles).flatMap(([kind, title]) => {
      const count = nodes.filter((node) => node.kind === kind).length;
      return count === 0 ? [] : [make('div', { class: 'count' }, make('b', {}, count.toLocaleString('en')), title)];
    });
    const shares = coverage.map(({ name, some, all, missing }) => {
      const line = make(
        'div',
        { class: 'share' },
        make('span', {}, name),
        make('meter', { min: '0', max: String(all), value: String(some), 'aria-label': name }),
        make('span', { class: 'quiet' }, `${some} of ${all}`),
      );
      if (missing.length === 0) return line;
      return make('details', {}, make('summary', {}, line), this.#list(missing));
    });
    const found = problems.map(({ severity, code, message, path, line }) =>
      make(
        'tr',
        {},
        make('td', {}, severity),
        make('td', {}, make('code', {}, code)),
        make('td', {}, message),
        make('td', { class: 'quiet' }, `${path}:${line}`),
      ),
    );
    return make(
      'article',
      {},
      make('h1', {}, project.name),
      make('p', { class: 'quiet' }, `${project.adapter}; ${project.because}`),
      make('div', { class: 'counts' }, ...counts),
      make('h2', {}, 'Health'),
      ...shares,
      make('h2', {}, `Problems (${problemCount})`),
      found.length === 0 ? make('p', {}, 'None that matter.') : scrolled(make('table', {}, make('tbody', {}, ...found))),
    );
  }

  async #node(node: SiteNode, detail: SiteDetail): Promise<HTMLElement> {
    const tags = node.tags.map((tag) => make('span', { class: 'tag' }, tag));
    const page = make(
      'article',
      {},
      make('p', { class: 'quiet' }, (kindTitles[node.kind] ?? node.kind).replace(/s$/, '')),
      make('h1', {}, node.name),
      make('p', {}, ...tags),
    );
    page.append(detail.description === '' ? make('p', { class: 'quiet' }, 'No description.') : toProse(detail.description));
    page.append(make('dl', {}, ...detail.facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])));
    if (detail.columns.length > 0) page.append(make('h2', {}, `Columns (${detail.columns.length})`), this.#columns(node, detail.columns));
    const at = this.index.nodes.indexOf(node);
    page.append(make('h2', {}, 'Lineage'), this.#neighbours('Reads', 0, at), this.#neighbours('Read by', 1, at), this.#graph(node));
    const relations = (await readRelations()).filter(({ from, to }) => from === node.id || to === node.id);
    if (relations.length > 0)
      page.append(make('h2', {}, 'Keys to others'), make('ul', {}, ...relations.slice(0, 60).map((one) => this.#relation(one))));
    if (detail.tests.length > 0)
      page.append(make('h2', {}, `Tests (${detail.tests.length})`), make('ul', {}, ...detail.tests.map((name) => make('li', {}, name))));
    if (detail.rows !== undefined) page.append(make('h2', {}, `Rows (${detail.rows.count.toLocaleString('en')})`), toRows(detail.rows));
    const findPage = (name: string): string | undefined => this.#pageOf(name);
    if (detail.source !== undefined)
      page.append(make('details', { open: '' }, make('summary', {}, 'SQL as written'), toCode(detail.source, findPage)));
    if (detail.compiled !== undefined)
      page.append(make('details', {}, make('summary', {}, 'SQL as it runs'), toCode(detail.compiled, findPage)));
    return page;
  }

  #pageOf(name: string): string | undefined {
    const node = this.#byName.get(name);
    return node === undefined ? undefined : toAddress(node.id);
  }

  #relation({ from, fromColumns, to, toColumns, cardinality, status, because }: SiteRelation): HTMLElement {
    const end = (id: string, columns: readonly string[]): Node => make('span', {}, this.#link(id), ` (${columns.join(', ')})`);
    return make(
      'li',
      {},
      end(from, fromColumns),
      ' → ',
      end(to, toColumns),
      make('span', { class: 'quiet' }, ` ${cardinality}, ${status}: ${because}`),
    );
  }

  #graph(node: SiteNode): HTMLElement {
    const holder = make('details', { class: 'graph' }, make('summary', {}, 'Graph'));
    let isShown = false;
    holder.addEventListener('toggle', () => {
      if (isShown) return;
      isShown = true;
      void toGraphFrame(this.index, node).then((frame) => holder.append(frame));
    });
    return holder;
  }

  #neighbours(title: string, direction: 0 | 1, at: number): HTMLElement {
    const ids = this.index.edges.flatMap((edge) =>
      edge[direction === 0 ? 1 : 0] === at ? [this.index.nodes[edge[direction]]?.id ?? ''] : [],
    );
    const line = make('p', { class: 'chips' }, make('b', {}, title));
    line.append(...(ids.length === 0 ? [make('span', { class: 'quiet' }, 'nothing')] : ids.map((id) => this.#link(id, 'chip'))));
    return line;
  }

  #columns(node: SiteNode, columns: readonly SiteColumn[]): HTMLElement {
    const rows = columns.map(({ name, type, description, tests, key, from, to }) =>
      make(
        'tr',
        {},
        make(
          'td',
          {},
          make('a', { href: toAddress(node.id, name) }, make('code', {}, name)),
          key === undefined ? '' : make('span', { class: 'tag' }, 'key'),
        ),
        make('td', { class: 'quiet' }, type),
        make(
          'td',
          {},
          description === '' ? '' : toProse(description),
          tests.length === 0 ? '' : make('div', { class: 'quiet' }, tests.join(' · ')),
        ),
        make(
          'td',
          { class: 'chips' },
          ...from.slice(0, 4).map((end) => this.#end(end)),
          from.length > 4 ? `+${from.length - 4}` : '',
          to.length === 0 ? '' : make('a', { class: 'quiet', href: toAddress(node.id, name) }, `→ ${to.length}`),
        ),
      ),
    );
    const head = ['Column', 'Type', 'Description', 'From'].map((title) => make('th', { scope: 'col' }, title));
    return scrolled(make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows)));
  }

  #end([id, column, kind, confidence]: SiteEnd): HTMLElement {
    const name = this.#byId.get(id)?.name ?? id;
    const text = `${name}.${column}`;
    return this.#byId.has(id)
      ? make('a', { class: 'chip', href: toAddress(id, column), title: `${kind}, ${confidence}` }, text)
      : make('span', { class: 'chip' }, text);
  }

  async #column(node: SiteNode, detail: SiteDetail, name: string): Promise<HTMLElement> {
    const column = detail.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const page = make('article', {}, make('p', { class: 'quiet' }, 'Column of ', this.#link(node.id)), make('h1', {}, name));
    if (column === undefined) {
      page.append(make('p', {}, 'There is no such column.'));
      return page;
    }
    page.append(
      make('p', { class: 'quiet' }, column.type),
      column.description === '' ? make('p', { class: 'quiet' }, 'No description.') : toProse(column.description),
    );
    if (column.tests.length > 0) page.append(make('p', {}, column.tests.join(' · ')));
    if (column.expression !== undefined)
      page.append(
        make('h2', {}, 'Made by'),
        toCode(column.expression, () => undefined),
      );
    page.append(
      make('h2', {}, 'Comes from'),
      await this.#path(node.id, column.name, 'from'),
      make('h2', {}, 'Goes into'),
      await this.#path(node.id, column.name, 'to'),
    );
    return page;
  }

  /** Everything a column comes from or goes into, step by step, each column once. */
  async #path(id: string, column: string, side: 'from' | 'to'): Promise<HTMLElement> {
    const list = make('ul', { class: 'path' });
    const seen = new Set([`${id} ${column.toLowerCase()}`]);
    let layer: readonly (readonly [string, string])[] = [[id, column]];
    for (let step = 1; layer.length > 0 && seen.size < 600; step++) {
      const next: (readonly [string, string])[] = [];
      for (const [at, name] of layer) {
        const node = this.#byId.get(at);
        const detail = node === undefined ? undefined : (await readChunk(node.chunk))[at];
        for (const end of detail?.columns.find((one) => one.name.toLowerCase() === name.toLowerCase())?.[side] ?? []) {
          const key = `${end[0]} ${end[1].toLowerCase()}`;
          if (seen.has(key)) continue;
          seen.add(key);
          next.push([end[0], end[1]]);
          const item = make(
            'li',
            {},
            this.#end(end),
            make('span', { class: 'quiet' }, ` ${end[2]}${end[3] === 'exact' ? '' : `, ${end[3]}`}`),
          );
          item.style.marginInlineStart = `${(step - 1) * 1.25}rem`;
          list.append(item);
        }
      }
      layer = next;
    }
    return list.childElementCount === 0 ? make('p', { class: 'quiet' }, 'nothing') : list;
  }

  #list(ids: readonly string[]): HTMLElement {
    return make('p', { class: 'chips' }, ...ids.map((id) => this.#link(id, 'chip')));
  }

  #link(id: string, style = ''): HTMLElement {
    const name = this.#byId.get(id)?.name ?? id;
    return this.#byId.has(id) ? make('a', { href: toAddress(id), class: style }, name) : make('span', { class: style }, name);
  }
}

function toRows({ columns, rows }: NonNullable<SiteDetail['rows']>): HTMLElement {
  return scrolled(
    make(
      'table',
      {},
      make('thead', {}, make('tr', {}, ...columns.map((name) => make('th', { scope: 'col' }, name)))),
      make('tbody', {}, ...rows.map((row) => make('tr', {}, ...row.map((cell) => make('td', {}, cell))))),
    ),
  );
}

function scrolled(table: HTMLElement): HTMLElement {
  return make('div', { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': 'Table' }, table);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
