import MiniSearch from 'minisearch';
import type { SiteIndex, SiteNode } from '../../src/core/docs/site-data.ts';
import { readChunk, readColumns } from './archive.ts';

/** A page that was found, and the word of it that fits best. */
export interface Found {
  readonly node: SiteNode;
  readonly column?: string;
  readonly inSql?: string;
}

/** Finds pages by names, columns and descriptions at once, and by their SQL after the texts were unpacked. */
export class Search {
  #names: MiniSearch | undefined;
  #texts: readonly (readonly [SiteNode, string])[] | undefined;

  constructor(private readonly index: SiteIndex) {}

  /** The pages for what is typed, the best first. */
  async find(text: string, most = 40): Promise<readonly Found[]> {
    const all = await readColumns();
    this.#names ??= this.#build(all);
    return this.#names
      .search(text, { prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false), combineWith: 'AND', boost: { name: 6, columns: 2 } })
      .slice(0, most)
      .flatMap(({ id, match }) => {
        const node = this.index.nodes[id as number];
        if (node === undefined) return [];
        const inColumns = Object.entries(match).find(([, fields]) => fields.includes('columns') && !fields.includes('name'))?.[0];
        const column = inColumns === undefined ? undefined : all[id as number]?.find((name) => name.toLowerCase().includes(inColumns));
        return [column === undefined ? { node } : { node, column }];
      });
  }

  /** Pages whose SQL holds the text. */
  async findInSql(text: string, most = 20): Promise<readonly Found[]> {
    this.#texts ??= await this.#unpack();
    const wanted = text.toLowerCase();
    const found: Found[] = [];
    for (const [node, sql] of this.#texts) {
      const at = sql.toLowerCase().indexOf(wanted);
      if (at === -1) continue;
      const from = sql.lastIndexOf('\n', at) + 1;
      const to = sql.indexOf('\n', at);
      found.push({
        node,
        inSql: sql
          .slice(from, to === -1 ? undefined : to)
          .trim()
          .slice(0, 120),
      });
      if (found.length >= most) break;
    }
    return found;
  }

  #build(all: readonly (readonly string[])[]): MiniSearch {
    const search = new MiniSearch({
      fields: ['name', 'columns', 'summary', 'tags'],
      idField: 'at',
      tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean),
    });
    search.addAll(
      this.index.nodes.map((node, at) => ({
        at,
        name: `${node.name} ${node.name.replace(/[^\p{L}\p{N}]+/gu, '')}`,
        columns: all[at]?.join(' ') ?? '',
        summary: node.summary,
        tags: node.tags.join(' '),
      })),
    );
    return search;
  }

  async #unpack(): Promise<readonly (readonly [SiteNode, string])[]> {
    const texts: (readonly [SiteNode, string])[] = [];
    for (const node of this.index.nodes) {
      const source = (await readChunk(node.chunk))[node.id]?.source;
      if (source !== undefined) texts.push([node, source]);
    }
    return texts;
  }
}
