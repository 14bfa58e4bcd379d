import initSqlJs from 'sql.js';
import { expect, test } from 'vitest';
import type { ProjectNode } from '../../../src/core/project/node.ts';
import { bindSourceData, listDataFiles } from '../../../src/core/project/source-data.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { toNodeId } from '../../../src/core/text/ids.ts';

function source(more: Readonly<Record<string, unknown>> = {}): ProjectNode {
  const id = toNodeId('source', 'shop', 'crm', 'deals');
  return {
    id,
    kind: 'source',
    name: 'deals',
    identifier: 'deals',
    sourceName: 'crm',
    meta: {},
    config: {},
    ...more,
  } as unknown as ProjectNode;
}

/** Where the rows of `crm.deals` are found among files of some paths. */
function bind(paths: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  const sources = Sources.of(Object.fromEntries(paths.map((path) => [path, 'id\n1\n'])));
  return bindSourceData([source(more)], sources).get(toNodeId('source', 'shop', 'crm', 'deals'));
}

test.each<[string, readonly string[], Readonly<Record<string, unknown>>, string | undefined, string]>([
  ['its own name', ['seeds/deals.csv'], {}, 'seeds/deals.csv', "has the name 'deals'"],
  ['its source and name', ['deals.csv', 'crm_deals.csv'], {}, 'crm_deals.csv', "has the name 'crm_deals'"],
  ['raw in front', ['data/raw_deals.csv'], {}, 'data/raw_deals.csv', "is named after 'deals'"],
  ['raw behind', ['data/deals_raw.tsv'], {}, 'data/deals_raw.tsv', "is named after 'deals'"],
  ['a table called raw', ['deals.csv'], { name: 'raw_deals', identifier: 'raw_deals' }, 'deals.csv', "without 'raw'"],
  ['its identifier', ['t_17.csv'], { identifier: 'T_17' }, 't_17.csv', "has the name 'T_17'"],
  ['case and dashes', ['CRM-Deals.csv'], {}, 'CRM-Deals.csv', 'has the name'],
  ['nearer to the root', ['a/b/deals.csv', 'z/deals.csv'], {}, 'z/deals.csv', 'has the name'],
  [
    'meta.headwater.file',
    ['deals.csv', 'x/other.csv'],
    { meta: { headwater: { file: 'x/other.csv' } } },
    'x/other.csv',
    'meta.headwater.file',
  ],
  [
    'external_location',
    ['data/deals.csv', 'deals.csv'],
    { meta: { external_location: "read_csv('data/{name}.csv')" } },
    'data/deals.csv',
    'external_location',
  ],
  ['a file that does not exist', ['deals.csv'], { meta: { headwater: { file: 'no.csv' } } }, 'deals.csv', 'has the name'],
  ['no file like it', ['ideals.csv', 'deals_2.csv'], {}, undefined, ''],
])('rows by %s', (_, paths, more, path, because) => {
  const data = bind(paths, more);
  expect(data?.path).toBe(path);
  expect(data?.because ?? '').toContain(because);
});

test('a table of a SQLite file', async () => {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.run('create table Deals (id int); create table x (id int)');
  const sources = Sources.of({ 'raw.db': database.export() });
  expect(listDataFiles(sources)).toEqual([
    { path: 'raw.db', table: 'Deals', name: 'Deals' },
    { path: 'raw.db', table: 'x', name: 'x' },
  ]);
  const bound = bindSourceData([source()], sources);
  expect([...bound.values()]).toEqual([{ path: 'raw.db', table: 'Deals', because: "the table Deals in raw.db has the name 'deals'" }]);
  expect([...bindSourceData([source({ meta: { headwater: { file: 'raw.db#x' } } })], sources).values()]).toEqual([
    { path: 'raw.db', table: 'x', because: 'meta.headwater.file names this file' },
  ]);
});
