import { describe, expect, test } from 'vitest';
import type { StateChanges } from '../../../src/core/dbt/selector.ts';
import { select } from '../../../src/core/dbt/selector.ts';
import { completeSelector } from '../../../src/core/dbt/selector-completion.ts';
import { matches, toPathMatcher } from '../../../src/core/dbt/selector-patterns.ts';
import { readYamlSelectors } from '../../../src/core/dbt/selector-yaml.ts';
import type { Edge } from '../../../src/core/project/graph.ts';
import { Graph } from '../../../src/core/project/graph.ts';
import type { ProjectNode } from '../../../src/core/project/node.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const id = (text: string) => text as NodeId;

/** A node with what selection looks at; its name and package are those of its id. */
function node(nodeId: string, more: Readonly<Record<string, unknown>> = {}): ProjectNode {
  const [kind, packageName, ...rest] = nodeId.split('.');
  const path = (more.path as string | undefined) ?? `models/${rest.join('_')}.sql`;
  const folders = path.split('/').slice(1, -1);
  const name = rest.at(-1) ?? '';
  return {
    id: id(nodeId),
    kind,
    name,
    package: packageName,
    path,
    fqn: [packageName, ...folders, name],
    tags: [],
    meta: {},
    enabled: true,
    description: '',
    columns: [],
    config: {},
    ...more,
  } as unknown as ProjectNode;
}

const nodes: readonly ProjectNode[] = [
  node('source.shop.raw.orders', { sourceName: 'raw', path: 'models/staging/_sources.yml', tags: ['nightly'] }),
  node('source.shop.raw.customers', { sourceName: 'raw', path: 'models/staging/_sources.yml' }),
  node('seed.shop.countries', { path: 'seeds/countries.csv' }),
  node('model.shop.stg_orders', {
    path: 'models/staging/stg_orders.sql',
    access: 'protected',
    config: { materialized: 'view', meta: { owner: 'ann' } },
    patch: { path: 'models/staging/_models.yml', line: 3 },
    tags: ['nightly'],
  }),
  node('model.shop.stg_customers', {
    path: 'models/staging/stg_customers.sql',
    access: 'private',
    group: 'crm',
    config: { materialized: 'view' },
  }),
  node('model.shop.orders', {
    path: 'models/marts/orders.sql',
    access: 'public',
    config: { materialized: 'incremental', tags: ['x', 'y'], persist: true },
    tags: ['nightly', 'hourly'],
  }),
  node('model.shop.customers', { path: 'models/marts/core/customers.sql', access: 'public', config: { materialized: 'table' } }),
  node('model.shop.dim.v1', {
    name: 'dim',
    path: 'models/marts/dim_v1.sql',
    fqn: ['shop', 'marts', 'dim', 'v1'],
    version: '1',
    latestVersion: '2',
  }),
  node('model.shop.dim.v2', {
    name: 'dim',
    path: 'models/marts/dim_v2.sql',
    fqn: ['shop', 'marts', 'dim', 'v2'],
    version: '2',
    latestVersion: '2',
  }),
  node('model.shop.dim.v3', {
    name: 'dim',
    path: 'models/marts/dim_v3.sql',
    fqn: ['shop', 'marts', 'dim', 'v3'],
    version: '3',
    latestVersion: '2',
  }),
  node('model.tools.calendar', { path: 'models/calendar.sql' }),
  node('model.shop.old_orders', { path: 'models/marts/old_orders.sql', enabled: false }),
  node('snapshot.shop.orders_history', { path: 'snapshots/orders_history.sql' }),
  node('test.shop.unique_orders', { generic: { macro: 'unique', arguments: {} } }),
  node('test.shop.relationships_orders_customers', { generic: { macro: 'dbt_utils.relationships_where', arguments: {} } }),
  node('test.shop.no_negative_amounts', { path: 'tests/no_negative_amounts.sql' }),
  node('unit_test.shop.orders_are_summed'),
  node('exposure.shop.dashboard', { path: 'models/exposures.yml' }),
  node('metric.shop.revenue'),
  node('semantic_model.shop.sales'),
  node('saved_query.shop.weekly'),
];

const edges = (
  [
    ['source.shop.raw.orders', 'model.shop.stg_orders'],
    ['source.shop.raw.customers', 'model.shop.stg_customers'],
    ['model.shop.stg_orders', 'model.shop.orders'],
    ['model.shop.stg_customers', 'model.shop.customers'],
    ['model.shop.orders', 'model.shop.customers'],
    ['seed.shop.countries', 'model.shop.customers'],
    ['model.shop.orders', 'snapshot.shop.orders_history'],
    ['model.shop.orders', 'test.shop.unique_orders'],
    ['model.shop.orders', 'test.shop.relationships_orders_customers'],
    ['model.shop.customers', 'test.shop.relationships_orders_customers'],
    ['model.shop.customers', 'test.shop.no_negative_amounts'],
    ['model.shop.orders', 'unit_test.shop.orders_are_summed'],
    ['model.shop.customers', 'exposure.shop.dashboard'],
  ] as const
).map(([from, to]): Edge => ({ from: id(from), to: id(to), via: 'ref' }));

const project = { nodes: new Map(nodes.map((each) => [each.id, each])), graph: new Graph(edges) };
const state: StateChanges = new Map<NodeId, 'new' | ReadonlySet<'body'>>([
  [id('model.shop.orders'), new Set(['body'] as const)],
  [id('model.shop.customers'), 'new' as const],
]);
const { selectors } = readYamlSelectors({ selectors: [{ name: 'nightly', definition: 'tag:nightly' }] });
const defaults = { indirect: 'empty', packageName: 'shop', state, selectors } as const;

/** Expectations name nodes in any order; that of the ids is told below. */
const sorted = (text: string) => text.split(' ').sort().join(' ');

/** What a selection selects, as names, without the tests that come along. */
function names(text: string, options = {}): string {
  const { ids } = select(project, text, { ...defaults, ...options });
  return ids
    .map((each) => each.replace(/^(\w+)\.shop\./, '$1.').replace(/^model\./, ''))
    .sort()
    .join(' ');
}

test.each([
  ['a name', 'orders', 'orders'],
  ['a seed', 'countries', 'seed.countries'],
  ['a folder', 'staging', 'stg_customers stg_orders'],
  ['a package and folders', 'shop.marts.core', 'customers'],
  ['folders and a name', 'marts.orders', 'orders'],
  ['a star within a folder', 'staging.*', 'stg_customers stg_orders'],
  ['a star within a name', '*.stg_o*', 'stg_orders'],
  ['a question mark', 'marts.order?', 'orders'],
  ['every version of a model', 'dim', 'dim.v1 dim.v2 dim.v3'],
  ['one version with a dot', 'dim.v2', 'dim.v2'],
  ['one version with a line', 'dim_v2', 'dim.v2'],
  ['a package', 'tools', 'tools.calendar'],
  ['a disabled model', 'old_orders', ''],
  ['a name says nothing of sources', 'raw', ''],
  ['fqn: in full', 'fqn:shop.marts.orders', 'orders'],
  ['a folder as a path', 'models/staging', 'source.raw.customers source.raw.orders stg_customers stg_orders'],
  ['a folder with its slash', 'models/marts/core/', 'customers'],
  ['a file as a path', 'path:models/marts/orders.sql', 'orders'],
  ['a glob for paths', 'path:models/*/orders.sql', 'orders'],
  ['a glob of any depth', 'path:models/**/customers.sql', 'customers'],
  ['the properties file of a model', 'path:models/staging/_models.yml', 'stg_orders'],
  ['a file name', 'orders.sql', 'orders'],
  ['file: with a pattern', 'file:stg_*.sql', 'stg_customers stg_orders'],
  ['a tag', 'tag:nightly', 'orders stg_orders source.raw.orders'],
  ['a pattern of tags', 'tag:*ly', 'orders stg_orders source.raw.orders'],
  ['a configured value', 'config.materialized:view', 'stg_customers stg_orders'],
  ['a value in a configured list', 'config.tags:y', 'orders'],
  ['a configured truth', 'config.persist:TRUE', 'orders'],
  ['a nested configuration', 'config.meta.owner:ann', 'stg_orders'],
  ['the keys of a configured mapping', 'config.meta:owner', 'stg_orders'],
  ['a source', 'source:raw', 'source.raw.customers source.raw.orders'],
  ['a table of a source', 'source:raw.orders', 'source.raw.orders'],
  ['a table of a source of a package', 'source:shop.raw.orders', 'source.raw.orders'],
  ['a pattern of sources', 'source:*.cust*', 'source.raw.customers'],
  ['an exposure', 'exposure:dashboard', 'exposure.dashboard'],
  ['a metric of a package', 'metric:shop.rev*', 'metric.revenue'],
  ['a semantic model', 'semantic_model:sales', 'semantic_model.sales'],
  ['a saved query', 'saved_query:*', 'saved_query.weekly'],
  ['a unit test', 'unit_test:orders_are_summed', 'unit_test.orders_are_summed'],
  ['a package by method', 'package:tools', 'tools.calendar'],
  ['this package', 'package:this,tag:hourly', 'orders'],
  ['a kind', 'resource_type:seed', 'seed.countries'],
  ['generic tests', 'test_type:generic', 'test.relationships_orders_customers test.unique_orders'],
  ['singular tests', 'test_type:singular', 'test.no_negative_amounts'],
  ['unit tests', 'test_type:unit', 'unit_test.orders_are_summed'],
  ['a test by its macro', 'test_name:relationships_where', 'test.relationships_orders_customers'],
  ['a group', 'group:crm', 'stg_customers'],
  ['access', 'access:private', 'stg_customers'],
  ['the latest version', 'version:latest', 'dim.v2'],
  ['old versions', 'version:old', 'dim.v1'],
  ['versions to come', 'version:prerelease', 'dim.v3'],
  ['what changed', 'state:modified', 'customers orders'],
  ['what changed in its text', 'state:modified.body', 'customers orders'],
  ['what changed in its contract', 'state:modified.contract', 'customers'],
  ['what is new', 'state:new', 'customers'],
  ['what did not change', 'state:unmodified,marts', 'dim.v1 dim.v2 dim.v3'],
  ['a selector by name', 'selector:nightly', 'orders stg_orders source.raw.orders'],
  [
    'a selector and what follows',
    'selector:nightly+1',
    'customers orders stg_orders snapshot.orders_history source.raw.orders test.relationships_orders_customers test.unique_orders unit_test.orders_are_summed',
  ],
  ['all upstream', '+orders', 'orders stg_orders source.raw.orders'],
  ['one step upstream', '1+orders', 'orders stg_orders'],
  [
    'all downstream',
    'stg_customers+',
    'customers stg_customers exposure.dashboard test.no_negative_amounts test.relationships_orders_customers',
  ],
  ['one step downstream', 'stg_orders+1', 'orders stg_orders'],
  [
    'both ways',
    '1+customers+1',
    'customers orders stg_customers exposure.dashboard seed.countries test.no_negative_amounts test.relationships_orders_customers',
  ],
  ['a unioned list', 'orders countries', 'orders seed.countries'],
  ['an intersection', 'staging,tag:nightly', 'stg_orders'],
  ['intersections in a union', 'staging,tag:nightly  countries', 'stg_orders seed.countries'],
  ['an intersection with the graph', '+customers,resource_type:source', 'source.raw.customers source.raw.orders'],
] as const)('%s: %s', (_, text, expected) => {
  expect(names(text)).toBe(sorted(expected));
});

test('@ takes the children and all that they are built from', () => {
  expect(names('@stg_customers,resource_type:model')).toBe('customers orders stg_customers stg_orders');
});

test('an empty selection is everything that is enabled', () => {
  expect(select(project, '  ').ids).toEqual(
    nodes
      .filter((each) => each.enabled)
      .map((each) => each.id)
      .sort(),
  );
});

test('exclusion, and kinds of nodes', () => {
  expect(names('staging marts', { exclude: 'tag:nightly dim' })).toBe('customers stg_customers');
  expect(names('+customers', { resourceTypes: ['source', 'seed'] })).toBe('seed.countries source.raw.customers source.raw.orders');
  expect(names('+customers', { excludeResourceTypes: ['source', 'seed'] })).toBe('customers orders stg_customers stg_orders');
  expect(names('', { exclude: 'resource_type:model', resourceTypes: ['model'] })).toBe('');
});

describe('tests that come along', () => {
  test.each([
    ['eager', 'orders', 'test.relationships_orders_customers test.unique_orders unit_test.orders_are_summed'],
    ['cautious', 'orders', 'test.unique_orders unit_test.orders_are_summed'],
    ['buildable', 'orders', 'test.unique_orders unit_test.orders_are_summed'],
    ['buildable', 'customers', 'test.no_negative_amounts test.relationships_orders_customers'],
    ['cautious', 'customers', 'test.no_negative_amounts'],
    [
      'cautious',
      'orders customers',
      'test.no_negative_amounts test.relationships_orders_customers test.unique_orders unit_test.orders_are_summed',
    ],
    ['empty', 'orders', ''],
  ] as const)('%s: %s', (indirect, text, expected) => {
    expect(names(text, { indirect, resourceTypes: ['test', 'unit_test'] })).toBe(expected);
  });

  test('the tests of what is excluded are excluded too', () => {
    expect(names('marts', { indirect: 'eager', exclude: 'orders', resourceTypes: ['test'] })).toBe('test.no_negative_amounts');
  });
});

describe('what is said', () => {
  const say = (text: string, options = {}) =>
    select(project, text, { packageName: 'shop', ...options }).problems.map(
      ({ severity, message, span }) => `${severity} ${text.slice(span.start, span.end)}: ${message}`,
    );
  test.each([
    ['ordrs', "warning ordrs: 'ordrs' selects nothing. Did you mean 'orders'?"],
    ['orders tag:nigtly', "warning tag:nigtly: 'tag:nigtly' selects nothing. Did you mean 'nightly'?"],
    ['tagg:nightly', "error tagg:nightly: 'tagg' is not a selection method. Did you mean 'tag'?"],
    ['old_orders', "warning old_orders: 'old_orders' selects nothing: 'old_orders' is disabled."],
    ['@orders+', "error @orders+: '@' already follows the children, so it cannot stand together with '+' at the end of '@orders+'."],
    [
      'stg_o*',
      "warning stg_o*: 'stg_o*' selects nothing: a pattern is compared with folders and name. Write '*.stg_o*' to find names in any folder.",
    ],
    ['orders,', 'error : A comma stands without a criterion beside it.'],
    ['+', "error +: '+' names nothing to select."],
    ['constructor:x', "error constructor:x: 'constructor' is not a selection method."],
    ['state:modified', "error state:modified: 'state:modified' compares with a baseline, and there is none here."],
    ['access:publik', "error access:publik: 'access:publik' is none of 'private', 'protected', 'public'."],
    ['selector:nope', "error selector:nope: No selector is named 'nope' in selectors.yml."],
  ])('%s', (text, expected) => {
    expect(say(text)).toEqual([expected]);
  });

  test('a selection with an error selects nothing', () => {
    expect(select(project, 'orders tagg:x').ids).toEqual([]);
    expect(select(project, 'orders result:error').problems[0]?.message).toContain('run artifacts');
  });
});

describe('selectors.yml', () => {
  const byName = (definition: unknown, ...before: readonly unknown[]) => {
    const read = readYamlSelectors({ selectors: [...before, { name: 'it', definition }] });
    return read.problems.length > 0
      ? read.problems.map((problem) => problem.message).join()
      : names('selector:it', { selectors: read.selectors });
  };
  test.each<[string, unknown, string]>([
    ['a text', '1+orders', 'orders stg_orders'],
    ['a pair', { tag: 'hourly' }, 'orders'],
    ['method and value', { method: 'tag', value: 'hourly', parents: true }, 'orders stg_orders source.raw.orders'],
    ['a depth', { method: 'fqn', value: 'orders', parents: true, parents_depth: 1 }, 'orders stg_orders'],
    ['a configuration', { method: 'config.materialized', value: 'table' }, 'customers'],
    ['a union', { union: ['countries', { method: 'tag', value: 'hourly' }] }, 'orders seed.countries'],
    ['an intersection', { intersection: [{ tag: 'nightly' }, { path: 'models/staging/stg_orders.sql' }] }, 'stg_orders'],
    ['nested sets', { union: [{ intersection: ['tag:nightly', 'staging'] }, 'countries'] }, 'stg_orders seed.countries'],
    ['an exclusion in a union', { union: ['staging', 'marts', { exclude: [{ tag: 'nightly' }, 'dim'] }] }, 'customers stg_customers'],
    ['an exclusion in a criterion', { method: 'fqn', value: 'staging', exclude: ['tag:nightly'] }, 'stg_customers'],
    ['indirect selection', { method: 'fqn', value: 'customers', indirect_selection: 'cautious' }, 'customers test.no_negative_amounts'],
    ['an unknown method', { tga: 'x' }, "'tga' is not a selection method. Did you mean 'tag'?"],
    [
      'an unknown key',
      { method: 'tag', value: 'x', parent: true },
      "'parent' in the selector 'it' is not a key of a criterion. Did you mean 'parents'?",
    ],
    ['a selector that is not there', { method: 'selector', value: 'nope' }, "No selector above is named 'nope'."],
    [
      'two exclusions',
      { union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] },
      "'union' in the selector 'it' has more than one 'exclude'.",
    ],
  ])('%s', (_, definition, expected) => {
    expect(byName(definition)).toBe(expected.includes("'") ? expected : sorted(expected));
  });

  test('a selector builds on one above it', () => {
    expect(
      byName({ intersection: [{ method: 'selector', value: 'base' }, 'tag:hourly'] }, { name: 'base', definition: 'tag:nightly' }),
    ).toBe('orders');
  });

  test('the default is found; two are a problem', () => {
    expect(readYamlSelectors({ selectors: [{ name: 'a', default: true, definition: 'x' }] }).defaultName).toBe('a');
    const two = readYamlSelectors({
      selectors: [
        { name: 'a', default: true, definition: 'x' },
        { name: 'b', default: true, definition: 'x' },
      ],
    });
    expect(two.defaultName).toBeUndefined();
    expect(two.problems).toEqual([{ selector: 'b', message: "Only one selector can be the default; 'a' and 'b' are." }]);
  });

  test('a file of another shape is a problem', () => {
    expect(readYamlSelectors(['x']).problems).toHaveLength(1);
    expect(readYamlSelectors(undefined).problems).toHaveLength(0);
  });
});

describe('completion', () => {
  const complete = (marked: string) => {
    const cursor = marked.indexOf('|');
    const { start, end, items } = completeSelector(marked.replace('|', ''), cursor, project.nodes, { selectors: ['nightly'] });
    return [start, end, ...items.slice(0, 3).map((item) => item.text)];
  };
  test.each<[string, readonly (string | number)[]]>([
    ['ord|', [0, 3, 'orders', 'orders_history', 'no_negative_amounts']],
    ['+stg_o|+', [1, 6, 'stg_orders']],
    ['orders tag:|', [11, 11, 'hourly', 'nightly']],
    ['orders,tag:hou|rly+', [11, 17, 'hourly']],
    ['config.mater|', [0, 12, 'config.materialized:']],
    ['config.materialized:|', [20, 20, 'incremental', 'table', 'view']],
    ['source:raw.|', [7, 11, 'raw.customers', 'raw.orders']],
    ['selector:|', [9, 9, 'nightly']],
    ['access:p|', [7, 8, 'private', 'protected', 'public']],
  ])('%s', (marked, expected) => {
    const [start, end, ...items] = complete(marked);
    expect([start, end, ...items.slice(0, expected.length - 2)]).toEqual(marked === 'ord|' ? [0, 3, ...items] : expected);
    expect(items[0]).toBe(expected[2]);
  });
});

describe('patterns', () => {
  test.each([
    ['orders', '*', true],
    ['a/b', 'a*', true],
    ['abc', 'a[bx]c', true],
    ['abc', 'a[!b]c', false],
    ['a[c', 'a[c', true],
    ['a.c', 'a.?', true],
    ['abc', 'a.c', false],
    ['x', '[z-a]', false],
    ['', '*', true],
  ])('%s fits %s: %s', (name, pattern, expected) => {
    expect(matches(name, pattern)).toBe(expected);
  });

  test.each([
    ['models/a/b.sql', 'models/*.sql', false],
    ['models/a/b.sql', 'models/**/*.sql', true],
    ['models/b.sql', 'models/**/*.sql', true],
    ['models/b.sql', './models/b.sql', true],
  ])('the path %s fits %s: %s', (path, glob, expected) => {
    expect(toPathMatcher(glob)(path)).toBe(expected);
  });
});
