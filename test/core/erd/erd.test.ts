import { describe, expect, it, test } from 'vitest';
import { buildErd } from '../../../src/core/erd/build.ts';
import type { Because, Entity, ErdFact, ErdSource, Relationship } from '../../../src/core/erd/erd.ts';
import { buildErdPicture, chooseErdLayer, toErdLayers } from '../../../src/core/erd/erd-picture.ts';
import { measureBySql, measureErd } from '../../../src/core/erd/measure.ts';
import { readPlaces, writePlaces } from '../../../src/core/erd/places.ts';
import { type ErdView, toErdView } from '../../../src/core/erd/view.ts';

const because: Because = { kind: 'test', text: 'a test says so' };

/** `orders(order_id, account_id) accounts(account_id)` and facts such as `unique accounts.account_id`, `orders.account_id > accounts.account_id`. */
function toSource(tables: string, ...facts: readonly string[]): ErdSource {
  const entities = [...tables.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', columns = '']) => ({
    id: name,
    kind: 'model',
    name,
    path: `models/${name}.sql`,
    description: '',
    folders: [],
    columns: columns.split(/,\s*/).map((column) => ({ name: column, type: 'integer', description: '', notNull: false })),
  }));
  const end = (text: string) => ({ entity: text.split('.')[0] ?? '', columns: (text.split('.')[1] ?? '').split('+') });
  return {
    entities,
    facts: facts.map((fact): ErdFact => {
      const [a = '', b = '', c = ''] = fact.split(' ');
      if (b === '>') return { kind: 'reference', from: end(a), to: end(c), because };
      return { kind: a === 'unique' ? 'unique' : a === 'key' ? 'primary-key' : 'not-null', of: end(b), because };
    }),
  };
}

function show(relation: Relationship): string {
  const side = (end: Relationship['from']): string => `${end.entity}.${end.columns.join('+')}`;
  return `${side(relation.from)} > ${side(relation.to)} ${relation.cardinality} ${relation.status}`;
}

test('a declared reference is many to one, with its reason', () => {
  const erd = buildErd(toSource('orders(order_id, account_id) accounts(account_id)', 'orders.account_id > accounts.account_id'));
  expect(erd.relationships.map(show)).toEqual(['orders.account_id > accounts.account_id many-to-one declared']);
  expect(erd.relationships[0]!.because).toEqual([because]);
});

test('the same reference declared twice is one relation with two reasons', () => {
  const erd = buildErd(
    toSource(
      'orders(account_id) accounts(account_id)',
      'orders.account_id > accounts.account_id',
      'orders.ACCOUNT_ID > accounts.account_id',
    ),
  );
  expect(erd.relationships.length).toBe(1);
  expect(erd.relationships[0]!.because.length).toBe(2);
});

test('a reference from a key is one to one', () => {
  const erd = buildErd(
    toSource('profiles(account_id) accounts(account_id)', 'unique profiles.account_id', 'profiles.account_id > accounts.account_id'),
  );
  expect(erd.relationships.map(show)).toEqual(['profiles.account_id > accounts.account_id one-to-one declared']);
});

test('a reference from part of a composite key is many to one', () => {
  const erd = buildErd(toSource('lines(order_id, line) orders(order_id)', 'key lines.order_id+line', 'lines.order_id > orders.order_id'));
  expect(erd.relationships.map(show)).toEqual(['lines.order_id > orders.order_id many-to-one declared']);
});

test('what is unique and never null is the primary key', () => {
  const erd = buildErd(
    toSource('accounts(account_id, email)', 'unique accounts.email', 'unique accounts.account_id', 'present accounts.account_id'),
  );
  expect(erd.entities[0]!.keys.map((key) => `${key.kind} ${key.columns}`)).toEqual(['primary account_id', 'unique email']);
});

test('a key that others refer to or that bears the name of its entity comes before what merely is unique', () => {
  const facts = ['unique users.email', 'present users.email', 'unique users.user_id', 'present users.user_id'];
  const primaryOf = (tables: string, ...more: string[]) =>
    buildErd(toSource(tables, ...facts, ...more)).entities[0]!.keys.map((key) => `${key.kind} ${key.columns}`);
  expect(primaryOf('users(email, user_id)')).toEqual(['primary user_id', 'unique email']);
  expect(primaryOf('users(email, user_id) events(email)', 'events.email > users.email')).toEqual(['primary email', 'unique user_id']);
  expect(primaryOf('users(email, user_id)', 'key users.email')).toEqual(['primary email', 'unique user_id']);
});

test.each([
  ['accounts(account_id) orders(order_id, account_id)', 'orders.account_id > accounts.account_id'],
  ['stg_accounts(id) stg_orders(id, account_id)', 'stg_orders.account_id > stg_accounts.id'],
  ['stg_crm__companies(company_id) deals(deal_id, company_id)', 'deals.company_id > stg_crm__companies.company_id'],
])('names suggest a relation in %s', (tables, expected) => {
  expect(buildErd(toSource(tables)).relationships.map(show)).toEqual([`${expected} many-to-one candidate`]);
});

test('a name that ends like its key is about what the key is about', () => {
  const tables = 'crm_accounts(account_id, name) deals(deal_id, account_id)';
  expect(buildErd(toSource(tables)).relationships).toEqual([]);
  expect(buildErd(toSource(tables, 'key crm_accounts.account_id')).relationships.map(show)).toEqual([
    'deals.account_id > crm_accounts.account_id many-to-one candidate',
  ]);
});

test('relations are looked for among entities of the same kind first, by their own name before the end of it', () => {
  const source = toSource('accounts(account_id) crm_accounts(account_id) deals(deal_id, account_id)', 'key crm_accounts.account_id');
  const to = (kinds: readonly string[]) =>
    buildErd({ ...source, entities: source.entities.map((entity, i) => ({ ...entity, kind: kinds[i]! })) }).relationships.map(
      (relation) => relation.from.entity === 'deals' && relation.to.entity,
    );
  expect(to(['model', 'model', 'model'])).toContain('accounts');
  expect(to(['source', 'model', 'model'])).toContain('crm_accounts');
  expect(to(['source', 'seed', 'model'])).toContain('accounts');
});

test('where the values speak against the first target that a name suggests, the next is tried', async () => {
  const erd = buildErd(toSource('accounts(account_id) crm_accounts(account_id) deals(deal_id, account_id)', 'key crm_accounts.account_id'));
  const measured = await measureErd(erd, {
    countKey: () => Promise.resolve({ rows: 100, nulls: 0, distinct: 100 }),
    countRelation: (_, to) => Promise.resolve({ rows: 100, matched: to.entity === 'accounts' ? 20 : 100, keys: 20 }),
  });
  const found = measured.relationships.filter(({ from }) => from.entity === 'deals');
  expect(found.map(({ to, status }) => `${to.entity} ${status}`)).toEqual(['crm_accounts confirmed']);
  expect(found[0]).not.toHaveProperty('otherwise');
});

test('an entity does not refer to itself by its own key', () => {
  expect(buildErd(toSource('accounts(account_id, name)')).relationships).toEqual([]);
});

test('an entity whose name ends in the key does not refer to others by it', () => {
  expect(buildErd(toSource('stg_crm_deals(deal_id) fct_deals(deal_id)')).relationships).toEqual([]);
});

test('what is declared is not suggested again', () => {
  const erd = buildErd(
    toSource('orders(account_id) accounts(account_id) old_accounts(account_id)', 'orders.account_id > old_accounts.account_id'),
  );
  expect(erd.relationships.filter((relation) => relation.from.entity === 'orders').length).toBe(1);
});

/** Counts over rows held in memory. */
function measureOver(tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>) {
  const keyOf = (row: Readonly<Record<string, unknown>>, columns: readonly string[]): string | undefined =>
    columns.some((column) => row[column] === null) ? undefined : JSON.stringify(columns.map((column) => row[column]));
  const keys = (end: Relationship['from']): string[] => (tables[end.entity] ?? []).flatMap((row) => keyOf(row, end.columns) ?? []);
  return {
    async countKey(end: Relationship['from']) {
      const rows = tables[end.entity];
      if (rows === undefined) return undefined;
      return { rows: rows.length, nulls: rows.length - keys(end).length, distinct: new Set(keys(end)).size };
    },
    async countRelation(from: Relationship['from'], to: Relationship['from']) {
      if (tables[from.entity] === undefined || tables[to.entity] === undefined) return undefined;
      const there = new Set(keys(to));
      const matched = keys(from).filter((key) => there.has(key));
      return { rows: keys(from).length, matched: matched.length, keys: new Set(matched).size };
    },
  };
}

const accounts = [{ account_id: 1 }, { account_id: 2 }, { account_id: 3 }];
const suggested = buildErd(toSource('orders(order_id, account_id) accounts(account_id)'));

test('a suggestion whose values match is confirmed, with the counts as its reason', async () => {
  const orders = [1, 1, 2, 2, 2, 3].map((account_id, order_id) => ({ order_id, account_id }));
  const erd = await measureErd(suggested, measureOver({ accounts, orders }));
  expect(erd.relationships.map(show)).toEqual(['orders.account_id > accounts.account_id many-to-one confirmed']);
  expect(erd.relationships[0]!.measured).toEqual({ match: 1, orphans: 0, fanout: 2 });
  expect(erd.relationships[0]!.because.at(-1)!.text).toBe(
    '6 of 6 rows find their partner (100 %), 0 orphans, 2 rows per key; the target is unique',
  );
});

test('a suggestion whose values do not match is dropped', async () => {
  const orders = [7, 8, 9].map((account_id, order_id) => ({ order_id, account_id }));
  expect((await measureErd(suggested, measureOver({ accounts, orders }))).relationships).toEqual([]);
});

test('a suggestion to something that is not unique is dropped', async () => {
  const orders = [{ order_id: 1, account_id: 1 }];
  expect((await measureErd(suggested, measureOver({ accounts: [...accounts, { account_id: 1 }], orders }))).relationships).toEqual([]);
});

test('a declared relation keeps its orphans in sight', async () => {
  const erd = buildErd(toSource('orders(account_id) accounts(account_id)', 'orders.account_id > accounts.account_id'));
  const measured = await measureErd(
    erd,
    measureOver({ accounts, orders: [{ account_id: 1 }, { account_id: 1 }, { account_id: 9 }, { account_id: null }] }),
  );
  expect(measured.relationships[0]!.measured).toEqual({ match: 0.6667, orphans: 1, fanout: 2 });
});

test('a relation to doubled keys is many to many, whatever is declared', async () => {
  const erd = buildErd(
    toSource('orders(account_id) accounts(account_id)', 'orders.account_id > accounts.account_id', 'unique accounts.account_id'),
  );
  const measured = await measureErd(
    erd,
    measureOver({ accounts: [...accounts, { account_id: 1 }], orders: [{ account_id: 1 }, { account_id: 1 }] }),
  );
  expect(measured.relationships[0]!.cardinality).toBe('many-to-many');
  expect(measured.entities[1]!.keys[0]).toMatchObject({ broken: true });
});

test('without values nothing is confirmed and nothing is dropped', async () => {
  expect(await measureErd(suggested, measureOver({}))).toEqual(suggested);
});

test('counting stops when it is no longer wanted', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(measureErd(suggested, measureOver({ accounts }), abort.signal)).rejects.toThrow();
});

test('the counting SQL quotes names and leaves nulls out', async () => {
  const asked: string[] = [];
  const measure = measureBySql(
    async (sql) => {
      asked.push(sql);
      return [4, 1, 3];
    },
    (entity) => (entity === 'gone' ? 'there are no rows' : { name: `"${entity}"`, columns: ['ODD "name'] }),
  );
  expect(await measure.countKey({ entity: 'a', columns: ['odd "name'] })).toEqual({ rows: 4, nulls: 1, distinct: 3 });
  expect(asked[0]).toContain('"odd ""name" is not null');
  expect(await measure.countKey({ entity: 'gone', columns: ['x'] })).toBeUndefined();
  expect(await measure.whyNot?.({ entity: 'gone', columns: ['x'] })).toBe('there are no rows');
  expect(await measure.whyNot?.({ entity: 'a', columns: ['x'] })).toBe("its rows have no column 'x'");
});

test('the picture has the one side on the left with the foot of many at the other end', () => {
  const erd = buildErd(
    toSource('orders(order_id, account_id) accounts(account_id)', 'key accounts.account_id', 'orders.account_id > accounts.account_id'),
  );
  const picture = buildErdPicture(erd, toErdView());
  const [link] = picture.links;
  expect(picture.cards[link!.from]!.name).toBe('accounts');
  expect(link!.feet).toEqual({ from: 'zero-or-one', to: 'zero-or-many' });
  expect(picture.cards[link!.from]!.rows[0]).toMatchObject({ name: 'account_id', key: 'primary' });
});

test('entities without relations are shown only when asked for, and counted otherwise', () => {
  const erd = buildErd(toSource('orders(account_id) accounts(account_id) lonely(x)'));
  expect(buildErdPicture(erd, toErdView()).notes).toEqual(['One table without relations is not shown.']);
  expect(buildErdPicture(erd, { ...toErdView(), loose: true }).cards.length).toBe(3);
});

test('a table without a declared key gets the one that its name suggests and its rows bear out', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ account_id: i, plan_id: i % 3 }));
  const erd = await measureErd(buildErd(toSource('accounts(account_id, plan_id)')), measureOver({ accounts: rows }));
  expect(erd.entities[0]!.keys).toMatchObject([
    { columns: ['account_id'], kind: 'primary', because: [{ kind: 'name' }, { kind: 'measured' }] },
  ]);
  const doubled = await measureErd(buildErd(toSource('accounts(account_id, plan_id)')), measureOver({ accounts: [...rows, rows[0]!] }));
  expect(doubled.entities[0]!.keys).toEqual([]);
});

test('what cannot be counted says why', async () => {
  const measure = { ...measureOver({}), whyNot: async () => 'there are no rows here' };
  const erd = await measureErd(suggested, measure);
  expect(erd.relationships[0]!.measured).toBeUndefined();
  expect(erd.relationships[0]!.because.at(-1)).toEqual({ kind: 'unmeasured', text: 'not counted: there are no rows here' });
});

test('a key that cannot be counted says why, and the picture tells it with the column', async () => {
  const source = toSource(
    'orders(order_id, account_id) accounts(account_id)',
    'key accounts.account_id',
    'orders.account_id > accounts.account_id',
  );
  const erd = await measureErd(buildErd(source), { ...measureOver({}), whyNot: async () => 'there are no rows here' });
  const accounts = buildErdPicture(erd, toErdView()).cards.find((card) => card.name === 'accounts')!;
  expect(accounts.rows[0]!.because).toBe('primary key\n• a test says so\n• not counted: there are no rows here');
});

test('a key that was counted tells its counts with the column', async () => {
  const source = toSource(
    'orders(order_id, account_id) accounts(account_id)',
    'key accounts.account_id',
    'orders.account_id > accounts.account_id',
  );
  const rows = { accounts: [{ account_id: 1 }, { account_id: 1 }], orders: [{ order_id: 1, account_id: 1 }] };
  const erd = await measureErd(buildErd(source), measureOver(rows));
  const accounts = buildErdPicture(erd, toErdView()).cards.find((card) => card.name === 'accounts')!;
  expect(accounts.rows[0]!.because).toBe('broken primary key\n• a test says so\n• 1 distinct values in 2 rows, 0 null: not a key');
});

describe('one layer at a time', () => {
  const entity = (id: string, folder: string): Omit<Entity, 'keys'> => ({
    id,
    kind: 'model',
    name: id,
    path: '',
    description: '',
    folders: [folder],
    columns: [{ name: 'a_id', type: '', description: '', notNull: true }],
  });
  const at = (id: string) => ({ entity: id, columns: ['a_id'] });
  const because = { kind: 'test', text: 'relationships test' } as const;
  const layered = buildErd({
    entities: [
      entity('fct_a', 'marts'),
      entity('dim_a', 'marts'),
      entity('dim_z', 'marts'),
      entity('stg_a', 'staging'),
      entity('stg_b', 'staging'),
    ],
    facts: [
      { kind: 'reference', from: at('fct_a'), to: at('dim_a'), because },
      { kind: 'reference', from: at('fct_a'), to: at('stg_a'), because },
    ],
  });
  const view = { ...toErdView(), candidates: false };
  const shown = (change: Partial<ErdView>, active?: string): readonly string[] =>
    buildErdPicture(layered, { ...view, ...change }, active === undefined ? {} : { active }).cards.map(({ id }) => id);

  it.each<[string, Partial<ErdView>, string | undefined, readonly string[]]>([
    ['marts alone, without those that nothing relates', { layers: ['mart'] }, undefined, ['fct_a', 'dim_a']],
    ['with those that nothing relates', { layers: ['mart'], loose: true }, undefined, ['fct_a', 'dim_a', 'dim_z']],
    ['with the table of the open file, whatever its layer', { layers: ['mart'] }, 'stg_b', ['fct_a', 'dim_a', 'stg_b']],
    ['a layer without relations of its own, whole', { layers: ['staging'] }, undefined, ['stg_a', 'stg_b']],
    ['two layers, with what relates them', { layers: ['mart', 'staging'] }, undefined, ['fct_a', 'dim_a', 'stg_a']],
  ])('%s', (_, change, active, ids) => {
    expect(shown(change, active)).toEqual(ids);
  });

  it('begins with marts, and says how many tables each layer has', () => {
    expect(chooseErdLayer(layered)).toBe('mart');
    expect(toErdLayers(layered, { ...view, layers: ['mart'] })).toEqual([
      { layer: 'staging', count: 2, isShown: false },
      { layer: 'mart', count: 3, isShown: true },
    ]);
  });

  it('keeps tables where they were put; the others give way', () => {
    const free = buildErdPicture(layered, view);
    const [first, second] = free.cards;
    const places = new Map([[first?.id ?? '', { x: second?.x ?? 0, y: second?.y ?? 0 }]]);
    const { cards, links } = buildErdPicture(layered, view, { places });
    expect(cards.find(({ id }) => id === first?.id)).toMatchObject({ x: second?.x, y: second?.y });
    for (const a of cards)
      for (const b of cards)
        if (a !== b) expect(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).toBe(false);
    for (const { route, from, to } of links) {
      const [x, y] = [route[0], route[1]];
      const card = cards[from];
      expect([card?.x, (card?.x ?? 0) + (card?.width ?? 0)]).toContain(x);
      expect(y).toBeGreaterThan(card?.y ?? 0);
      expect([cards[to]?.x, (cards[to]?.x ?? 0) + (cards[to]?.width ?? 0)]).toContain(route.at(-2));
    }
  });
});

it('places are a file of a line each, and whatever else is in it is left out', () => {
  const places = [
    { id: 'model.b', x: 10.4, y: -3 },
    { id: 'model.a', x: 0, y: 20 },
  ];
  const text = '{\n  "model.a": [0, 20],\n  "model.b": [10, -3]\n}\n';
  expect(writePlaces(places)).toBe(text);
  expect(readPlaces(text.replace('}', ',"x": "y", "z": [1], "w": [1, null]}'))).toEqual([places[1], { id: 'model.b', x: 10, y: -3 }]);
  for (const bad of ['', '[1]', 'null', '{']) expect(readPlaces(bad)).toEqual([]);
});
