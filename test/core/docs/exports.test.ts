import { expect, test } from 'vitest';
import { toD2, toDbml, toDdl, toErdMermaid, toPlantUml } from '../../../src/core/docs/erd-text.ts';
import { toDot, toMermaid, toSubgraph } from '../../../src/core/docs/graph-text.ts';
import { toPage } from '../../../src/core/docs/page-html.ts';
import { toSvg } from '../../../src/core/docs/picture-svg.ts';
import { buildErd } from '../../../src/core/erd/build.ts';
import type { Erd } from '../../../src/core/erd/erd.ts';
import { buildPicture } from '../../../src/core/layout/build.ts';
import { toFocusView } from '../../../src/core/layout/picture.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { toShopGraph } from '../../webview/support/sample-graph.ts';

const { graph, flow } = toShopGraph();
const part = toSubgraph(graph, new Set(['source.shop.raw.orders', 'model.shop.stg_orders', 'seed.shop.countries']));

const column = (name: string, type = 'integer', notNull = false) => ({ name, type, description: '', notNull });
const because = { kind: 'test', text: 'a test says so' } as const;
const erd: Erd = buildErd({
  entities: [
    {
      id: 'accounts',
      kind: 'model',
      name: 'accounts',
      path: '',
      description: "People's accounts",
      folders: [],
      columns: [column('account_id', 'integer', true), column('name', 'varchar(20)')],
    },
    {
      id: 'orders',
      kind: 'model',
      name: 'orders',
      path: '',
      description: '',
      folders: [],
      columns: [column('order_id'), column('account_id'), column('store_id', '')],
    },
    { id: 'stores', kind: 'seed', name: 'stores', path: '', description: '', folders: [], columns: [column('store_id')] },
  ],
  facts: [
    { kind: 'primary-key', of: { entity: 'accounts', columns: ['account_id'] }, because },
    {
      kind: 'reference',
      from: { entity: 'orders', columns: ['account_id'] },
      to: { entity: 'accounts', columns: ['account_id'] },
      because,
    },
  ],
});

test('Mermaid shows the kind of a node by its shape and its layer by its class', () => {
  expect(toMermaid(part)).toBe(`flowchart LR
  n0[("raw.orders")]:::source
  n1[/"countries"/]:::seed
  n2["stg_orders"]:::staging
  n0 --> n2
  classDef source fill:#cdeee3,stroke:#5c6370,color:#1f2328
  classDef seed fill:#f3ecc4,stroke:#5c6370,color:#1f2328
  classDef staging fill:#cfe6f8,stroke:#5c6370,color:#1f2328
`);
});

test('DOT keeps ids and quotes what needs it', () => {
  const odd = { ...part, nodes: part.nodes.map((node, i) => (i === 1 ? { ...node, name: 'a "b"' } : node)) };
  expect(toDot(odd)).toContain('"source.shop.raw.orders" -> "model.shop.stg_orders";');
  expect(toDot(odd)).toContain('label="a \\"b\\""');
});

test('Mermaid draws entities with keys, and dots what only names suggest', () => {
  expect(toErdMermaid(erd)).toBe(`erDiagram
  accounts {
    integer account_id PK
    varchar_20_ name
  }
  orders {
    integer order_id
    integer account_id FK
    unknown store_id
  }
  stores {
    integer store_id
  }
  accounts |o--o{ orders : "account_id"
  stores |o..o{ orders : "store_id"
`);
});

test('DBML has references, and candidates as comments', () => {
  expect(toDbml(erd)).toContain('Ref: orders.account_id > accounts.account_id');
  expect(toDbml(erd)).toContain('// suggested by names only: Ref: orders.store_id > stores.store_id');
  expect(toDbml(erd)).toContain("Note: 'People\\'s accounts'");
  expect(toDbml(erd)).toContain('account_id integer [pk, not null]');
});

test('D2 has SQL tables with constraints', () => {
  expect(toD2(erd)).toContain('  account_id: integer {constraint: primary_key}');
  expect(toD2(erd)).toContain('orders.account_id <-> accounts.account_id');
});

test('PlantUML sets keys apart', () => {
  expect(toPlantUml(erd)).toContain('  *account_id : integer <<PK>>\n  --\n  name : varchar(20)');
  expect(toPlantUml(erd)).toContain('orders }o--o| accounts : account_id');
});

test('DDL can be run: a table stands after those it refers to', () => {
  expect(toDdl(erd)).toBe(`-- People's accounts
create table accounts (
  account_id integer not null,
  name varchar(20),
  primary key (account_id)
);

create table orders (
  order_id integer,
  account_id integer,
  store_id text,
  foreign key (account_id) references accounts (account_id)
);

create table stores (
  store_id integer
);

-- suggested by names only: orders foreign key (store_id) references stores (store_id)
`);
});

test('names, types and descriptions are never read as anything else', () => {
  const odd = (text: string) => ({ ...column(text, text), description: text });
  const words = [
    '!include https://evil.example',
    'a\n!include https://evil.example',
    '<img:https://evil.example/x.png>',
    '%load_json("https://evil.example")',
    'x"\n@enduml',
    'int); drop table accounts; --',
    'int, x int',
    "a'\nicon: 'https://evil.example",
    'icon',
    'a\\"b',
    '<img src=https://evil.example/x.png>',
    'order',
    'half \ud800 a pair',
  ];
  const project: Erd = {
    entities: words.map((text, i) => ({
      id: `e${i}`,
      kind: 'model',
      name: text,
      path: '',
      description: text,
      folders: [],
      columns: [odd(text)],
      keys: [],
    })),
    relationships: [],
  };
  const plant = toPlantUml(project);
  expect(plant).not.toMatch(/^\s*!|<img|%load|\[\[/m);
  expect(plant.match(/@enduml/g)).toHaveLength(1);
  const ddl = toDdl(project);
  expect(ddl.split('\n').filter((line) => /drop table|, x int/.test(line) && !/^\s*--|"/.test(line))).toEqual([]);
  expect(ddl).toContain('"order" order');
  expect(ddl.match(/^\);$/gm)?.length).toBe(words.length);
  expect(toD2(project)).toContain("'icon': 'icon'");
  expect(toD2(project)).not.toMatch(/^\s*icon:/m);
  expect(toErdMermaid(project)).not.toContain('<img');
  for (const text of [plant, ddl, toD2(project), toDbml(project), toErdMermaid(project)]) expect(text).not.toMatch(/\p{Cs}/u);
});

test('two entities of one name get names of their own', () => {
  const twice: Erd = { entities: erd.entities.map((entity) => ({ ...entity, id: `model.${entity.id}.x`, name: 'x' })), relationships: [] };
  expect(new Set([...toDdl(twice).matchAll(/create table (\w+)/g)].map((match) => match[1])).size).toBe(3);
});

test('an SVG has every card and link and escapes what it quotes', () => {
  const odd = { ...graph, nodes: graph.nodes.map((node) => (node.name === 'fct_orders' ? { ...node, description: 'a < b & "c"' } : node)) };
  const picture = buildPicture(
    new GraphIndex(odd),
    { ...toFocusView('model.shop.fct_orders'), expanded: ['model.shop.fct_orders'] },
    { flow },
  );
  const svg = toSvg(picture);
  expect(svg.match(/<rect class="card"/g)?.length).toBe(picture.cards.length);
  expect(svg.match(/<path class="link"/g)?.length).toBe(picture.links.length);
  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
  expect(svg).toContain('>amount</text>');
});

test('a page holds its data and no text of the project can end its script', () => {
  const code = { host: 'host()', surface: 'surface("</script>")', style: 'body{}', theme: '' };
  const evil = { ...graph, nodes: [{ ...graph.nodes[0]!, description: '</script><script>alert(1)</script>' }], edges: [] };
  const html = toPage('A <title>', { graph: evil }, code);
  expect(html.match(/<\/script>/g)?.length).toBe(4);
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('<title>A &lt;title&gt;</title>');
  const data = /id="headwater-data">([^<]*)</.exec(html)?.[1] ?? '';
  expect(JSON.parse(data)).toEqual({ graph: evil });
});
