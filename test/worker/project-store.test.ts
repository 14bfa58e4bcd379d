import { describe, expect, it } from 'vitest';
import type { CacheStore, FileStat, FileSystem } from '../../src/core/text/files.ts';
import { ProjectStore } from '../../src/worker/project-store.ts';

/** A folder in memory whose files a test may change; `clock` stands for the time of writing. */
class Folder implements FileSystem {
  readonly files = new Map<string, { text: string; modified: number }>();
  #clock = 0;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    this.files.set(path, { text, modified: ++this.#clock });
  }

  async list(): Promise<readonly FileStat[]> {
    return (await Promise.all([...this.files.keys()].map((path) => this.stat(path)))).filter((stat) => stat !== undefined);
  }

  read(path: string): Promise<Uint8Array> {
    return Promise.resolve(new TextEncoder().encode(this.files.get(path)?.text ?? ''));
  }

  stat(path: string): Promise<FileStat | undefined> {
    const file = this.files.get(path);
    return Promise.resolve(file && { path, size: file.text.length, modified: file.modified });
  }
}

const settings = { dialect: 'auto', target: '', vars: {}, envVars: {} } as const;
const { signal } = new AbortController();

async function openStore(folder: Folder): Promise<ProjectStore> {
  const store = new ProjectStore(() => folder);
  await store.open({ folder: 'file:///w', disk: undefined, settings, unsaved: [], setAside: [] });
  return store;
}

const shop = {
  'shop/dbt_project.yml': 'name: shop\nprofile: shop\n',
  'shop/packages.yml': 'packages:\n  - local: ../common\n',
  'shop/models/orders.sql': 'select {{ common.cents("1") }} as amount',
  'common/dbt_project.yml': 'name: common\nprofile: shop\n',
  'common/macros/cents.sql': '{% macro cents(x) %}{{ x }} / 100{% endmacro %}',
};

describe('the projects of a folder', () => {
  it('read local packages that lie beside them', async () => {
    const store = await openStore(new Folder(shop));
    const [, project] = await store.projects('file:///w', signal);
    expect(project?.snapshot.texts.get('model.shop.orders' as never)?.rendering.sql).toBe('select 1 / 100 as amount');
  });

  it('follow a change of such a package', async () => {
    const folder = new Folder(shop);
    const store = await openStore(folder);
    await store.projects('file:///w', signal);
    folder.write('common/macros/cents.sql', '{% macro cents(x) %}{{ x }} / 1000{% endmacro %}');
    await store.change({ folder: 'file:///w', paths: ['common/macros/cents.sql'] });
    const snapshot = await store.newest({ folder: 'file:///w', root: 'shop' }, signal);
    expect(snapshot.texts.get('model.shop.orders' as never)?.rendering.sql).toBe('select 1 / 1000 as amount');
  });

  it('are not analyzed again where nothing changed', async () => {
    const folder = new Folder({ ...shop, 'shop/packages.yml': 'packages: []\n' });
    const store = await openStore(folder);
    const [common, before] = await store.projects('file:///w', signal);
    folder.write('common/macros/cents.sql', '');
    await store.change({ folder: 'file:///w', paths: ['common/macros/cents.sql'] });
    const [again, after] = await store.projects('file:///w', signal);
    expect(after).toBe(before);
    expect(again).not.toBe(common);
  });

  it('show unsaved text in front of what is on disk, until it is taken away', async () => {
    const store = await openStore(new Folder({ 'a.sql': 'select 1 as one', 'b.sql': 'select * from a' }));
    const key = { folder: 'file:///w', root: '' };
    const sql = async () => (await store.newest(key, signal)).texts.get('model.w.a' as never)?.rendering.sql;
    expect(await sql()).toBe('select 1 as one');
    await store.edit({ folder: 'file:///w', path: 'a.sql', text: 'select 2 as two' });
    expect(await sql()).toBe('select 2 as two');
    await store.edit({ folder: 'file:///w', path: 'a.sql', text: undefined });
    expect(await sql()).toBe('select 1 as one');
  });
});

describe('text that is being typed', () => {
  const key = { folder: 'file:///w', root: '' };
  const edit = (store: ProjectStore, text: string) => store.edit({ folder: 'file:///w', path: 'a.sql', text });
  const sqlOf = (snapshot: Awaited<ReturnType<ProjectStore['newest']>>) => snapshot.texts.get('model.w.a' as never)?.rendering.sql;

  it('is the newest in every answer, also where it came after the question', async () => {
    const store = await openStore(new Folder({ 'a.sql': 'select 1 as one' }));
    await store.projects('file:///w', signal);
    await edit(store, 'select 2 as two');
    const asked = store.newest(key, signal);
    await edit(store, 'select 3 as three');
    expect(sqlOf(await asked)).toBe('select 3 as three');
    expect(store.unsaved('file:///w', 'a.sql')).toBe('select 3 as three');
  });

  it('is not analyzed for those who gave up waiting, and stays noted for the next', async () => {
    const store = await openStore(new Folder({ 'a.sql': 'select 1 as one' }));
    const [before] = await store.projects('file:///w', signal);
    await edit(store, 'select 2 as two');
    const abort = new AbortController();
    const asked = store.newest(key, abort.signal);
    abort.abort();
    await expect(asked).rejects.toThrow();
    expect(store.snapshot(key)).toBe(before?.snapshot);
    expect(sqlOf(await store.newest(key, signal))).toBe('select 2 as two');
  });

  it('is analyzed once, however often it is told', async () => {
    const store = await openStore(new Folder({ 'a.sql': 'select 1 as one' }));
    await edit(store, 'select 2 as two');
    const first = await store.newest(key, signal);
    await edit(store, 'select 2 as two');
    expect(await store.newest(key, signal)).toBe(first);
  });

  it('waits for the reading of its folder', async () => {
    const store = await openStore(new Folder({ 'a.sql': 'select 1 as one' }));
    const opened = store.open({ folder: 'file:///w', disk: undefined, settings, unsaved: [], setAside: [] });
    await edit(store, 'select 2 as two');
    await opened;
    expect(sqlOf(await store.newest(key, signal))).toBe('select 2 as two');
  });

  it('of files that come, go and are taken back is followed file by file', async () => {
    const folder = new Folder({ 'a.sql': 'select 1 as one', 'sub/b.sql': 'select * from a' });
    const store = await openStore(folder);
    await store.projects('file:///w', signal);
    folder.write('c.sql', 'select 3 as three');
    folder.write('note.txt', 'of no interest');
    folder.files.delete('sub/b.sql');
    await store.change({ folder: 'file:///w', paths: ['c.sql', 'sub', 'note.txt'] });
    expect((await store.newest(key, signal)).sources.paths).toEqual(['a.sql', 'c.sql']);
  });
});

/** A storage in memory that counts what is read from it. */
class MemoryCache implements CacheStore {
  readonly kept = new Map<string, Uint8Array>();

  read(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.kept.get(name));
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(name, bytes);
    return Promise.resolve();
  }
}

describe('the projects of a folder that was open before', () => {
  const start = async (folder: Folder, cache: CacheStore) => {
    const store = new ProjectStore(() => folder, cache);
    await store.open({ folder: 'file:///w', disk: undefined, settings, unsaved: [], setAside: [] });
    return store;
  };
  const projectsOf = (store: ProjectStore) => store.projects('file:///w', signal);

  it('are those that were kept, and follow changes all the same', async () => {
    const folder = new Folder(shop);
    const cache = new MemoryCache();
    const first = await start(folder, cache);
    const before = await projectsOf(first);
    expect(before.map((project) => project.isKept)).toEqual([false, false]);
    await first.settle();
    expect(cache.kept.size).toBe(2);

    const second = await start(folder, cache);
    const after = await projectsOf(second);
    expect(after.map((project) => project.isKept)).toEqual([true, true]);
    expect([...(after[1]?.snapshot.nodes.keys() ?? [])]).toEqual([...(before[1]?.snapshot.nodes.keys() ?? [])]);
    folder.write('shop/models/orders.sql', 'select {{ common.cents("2") }} as amount');
    await second.change({ folder: 'file:///w', paths: ['shop/models/orders.sql'] });
    const [, changed] = await projectsOf(second);
    expect(changed?.snapshot.texts.get('model.shop.orders' as never)?.rendering.sql).toBe('select 2 / 100 as amount');
  });

  it('are worked out anew where a file changed in between, or where the cache is damaged', async () => {
    const folder = new Folder(shop);
    const cache = new MemoryCache();
    const first = await start(folder, cache);
    await projectsOf(first);
    await first.settle();
    folder.write('shop/models/orders.sql', 'select 3 as amount');
    expect((await projectsOf(await start(folder, cache))).map((project) => project.isKept)).toEqual([true, false]);
    for (const bytes of cache.kept.values()) bytes[bytes.length >> 1] = 0;
    expect((await projectsOf(await start(folder, cache))).map((project) => project.isKept)).toEqual([false, false]);
  });
});

describe('a project that was set aside', () => {
  const because = 'Headwater did not answer for 30 seconds while working on it.';

  it('is not read, and says so; those beside it are', async () => {
    const read: string[] = [];
    const folder = new Folder({ ...shop, 'other/dbt_project.yml': 'name: other\n', 'other/models/a.sql': 'select 1 as a' });
    const store = new ProjectStore(() => ({
      list: () => folder.list(),
      stat: (path) => folder.stat(path),
      read: (path) => {
        read.push(path);
        return folder.read(path);
      },
    }));
    await store.open({ folder: 'file:///w', disk: undefined, settings, unsaved: [], setAside: [{ root: 'shop', because }] });
    const projects = await store.projects('file:///w', signal);
    const known = projects.map(({ key, snapshot }) => [key.root, snapshot.nodes.size, snapshot.problems.map(({ message }) => message)]);
    expect(known).toContainEqual(['shop', 0, [expect.stringContaining(because)]]);
    expect(known).toContainEqual(['other', 1, expect.anything()]);
    expect(projects[2]?.snapshot.problems[0]).toMatchObject({ code: 'project-set-aside', path: 'dbt_project.yml', severity: 'error' });
    expect(read.filter((path) => path.startsWith('shop/'))).toEqual([]);
  });

  it('is known because the store says which one it is at before it begins', async () => {
    const at: string[] = [];
    const folder = new Folder({ ...shop, 'shop/models/b.sql': 'select 1 as b' });
    const pulse = { at: ({ root }: { root: string }) => void at.push(root), step: () => void at.push('.') };
    const store = new ProjectStore(() => folder, undefined, pulse);
    await store.open({ folder: 'file:///w', disk: undefined, settings, unsaved: [], setAside: [] });
    await store.projects('file:///w', signal);
    // A step for each file that is rendered.
    expect(at).toEqual(['common', 'shop', '.', '.']);
    void store.snapshot({ folder: 'file:///w', root: 'common' });
    expect(at.at(-1)).toBe('common');
  });
});
