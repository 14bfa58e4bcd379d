import type { PageCode } from '../../src/core/docs/page-html.ts';
import type { SiteDetail, SiteIndex, SiteRelation } from '../../src/core/docs/site-data.ts';

const unpacked = new Map<string, Promise<unknown>>();

/** What stands packed in the page under a name; unpacked once. */
function unpack<Value>(id: string): Promise<Value> {
  let found = unpacked.get(id);
  if (found === undefined) {
    found = read(id);
    unpacked.set(id, found);
  }
  return found as Promise<Value>;
}

async function read(id: string): Promise<unknown> {
  // The page is still being read when its first part is drawn.
  if (id !== 'index' && document.readyState === 'loading')
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  const text = document.getElementById(`packed-${id}`)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text()) as unknown;
}

/** What every page needs. */
export function readIndex(): Promise<SiteIndex> {
  return unpack<SiteIndex>('index');
}

/** The pages of a chunk. */
export function readChunk(chunk: number): Promise<Readonly<Record<string, SiteDetail>>> {
  return unpack(`chunk-${chunk}`);
}

/** The columns of every node, in the order of the index. */
export function readColumns(): Promise<readonly (readonly string[])[]> {
  return unpack('columns');
}

/** How entities relate. */
export function readRelations(): Promise<readonly SiteRelation[]> {
  return unpack('relations');
}

/** The programs that draw graphs and entities. */
export function readGraphCode(): Promise<{ readonly graph: PageCode; readonly erd: PageCode }> {
  return unpack('graph-code');
}
