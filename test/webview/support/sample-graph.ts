import type { ColumnEdge, ColumnFlow, GraphColumn, GraphEdge, GraphNode, ProjectGraph } from '../../../src/core/layout/project-graph.ts';

/** A small shop whose every part is known: sources, staging, a hub, marts, an exposure, tests with results, column lineage. */
export function toShopGraph(): { readonly graph: ProjectGraph; readonly flow: ColumnFlow } {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const columns = (...names: readonly string[]): GraphColumn[] =>
    names.map((spec) => {
      const [name = '', type = '', key] = spec.split(':');
      const kind = key === 'pk' ? 'primary' : key === 'fk' ? 'foreign' : undefined;
      return {
        name,
        type,
        description: `The ${name.replaceAll('_', ' ')}.`,
        tests: kind === 'primary' ? 2 : 0,
        ...(kind ? { key: kind } : {}),
      };
    });
  const add = (
    id: string,
    materialized: string,
    folders: readonly string[],
    cols: GraphColumn[],
    parents: readonly string[],
    more: Partial<GraphNode> = {},
  ): void => {
    const [kind = 'model', , ...rest] = id.split('.');
    nodes.push({
      id,
      kind,
      name: kind === 'source' ? rest.join('.') : (rest.at(-1) ?? id),
      package: 'shop',
      path: kind === 'source' ? 'models/sources.yml' : `models/${folders.join('/')}/${rest.at(-1)}.sql`,
      materialized,
      tags: [],
      enabled: true,
      description: '',
      columns: cols,
      folders,
      ...more,
    });
    for (const from of parents) edges.push({ from, to: id, via: from.startsWith('source') ? 'source' : 'ref' });
  };
  for (const table of ['customers', 'orders', 'payments', 'items', 'products', 'stores'])
    add(`source.shop.raw.${table}`, '', ['raw'], columns('id:integer:pk', 'created_at:timestamp', 'status:varchar'), [], {
      freshness: 'fresh, 2 h old',
    });
  add('seed.shop.countries', 'seed', [], columns('code:varchar:pk', 'name:varchar'), []);
  add(
    'model.shop.stg_customers',
    'view',
    ['staging'],
    columns('customer_id:integer:pk', 'first_name:varchar', 'last_name:varchar', 'country_code:varchar:fk'),
    ['source.shop.raw.customers'],
    {
      tests: { count: 3, status: 'pass' },
      description: 'One row per customer.',
    },
  );
  add(
    'model.shop.stg_orders',
    'view',
    ['staging'],
    columns('order_id:integer:pk', 'customer_id:integer:fk', 'ordered_at:timestamp', 'status:varchar'),
    ['source.shop.raw.orders'],
    {
      tests: { count: 4, status: 'fail' },
    },
  );
  add('model.shop.stg_payments', 'view', ['staging'], columns('payment_id:integer:pk', 'order_id:integer:fk', 'amount:decimal(18,2)'), [
    'source.shop.raw.payments',
  ]);
  add('model.shop.stg_items', 'view', ['staging'], columns('item_id:integer:pk', 'order_id:integer:fk', 'product_id:integer:fk'), [
    'source.shop.raw.items',
  ]);
  add(
    'model.shop.stg_products',
    'view',
    ['staging'],
    columns('product_id:integer:pk', 'price:decimal(18,2)'),
    ['source.shop.raw.products'],
    { tests: { count: 2, status: 'warn' } },
  );
  add('model.shop.stg_stores', 'ephemeral', ['staging'], columns('store_id:integer:pk'), ['source.shop.raw.stores']);
  add(
    'model.shop.int_order_payments',
    'ephemeral',
    ['intermediate'],
    columns('order_id:integer:fk', 'total_amount:decimal(18,2)', 'paid_at:timestamp'),
    ['model.shop.stg_payments', 'model.shop.stg_orders'],
  );
  add(
    'model.shop.int_order_items_with_a_name_that_is_too_long_for_any_card',
    'view',
    ['intermediate'],
    columns('order_id:integer', 'items:integer'),
    ['model.shop.stg_items', 'model.shop.stg_products'],
  );
  add(
    'model.shop.fct_orders',
    'incremental',
    ['marts'],
    columns(
      'order_id:integer:pk',
      'customer_id:integer:fk',
      'ordered_at:timestamp',
      'amount:decimal(18,2)',
      'items:integer',
      'status:varchar',
    ),
    [
      'model.shop.stg_orders',
      'model.shop.int_order_payments',
      'model.shop.int_order_items_with_a_name_that_is_too_long_for_any_card',
      'model.shop.stg_stores',
    ],
    { tests: { count: 6, status: 'pass' }, description: 'One row per order, with what was paid.' },
  );
  add(
    'model.shop.dim_customers',
    'table',
    ['marts'],
    columns('customer_id:integer:pk', 'name:varchar', 'lifetime_value:decimal(18,2)', 'first_order_at:timestamp'),
    ['model.shop.stg_customers', 'model.shop.fct_orders', 'seed.shop.countries'],
  );
  add('snapshot.shop.orders_snapshot', 'snapshot', ['snapshots'], columns('order_id:integer', 'dbt_valid_from:timestamp'), [
    'model.shop.stg_orders',
  ]);
  for (let i = 1; i <= 14; i++)
    add(
      `model.shop.rpt_${['daily', 'weekly', 'monthly', 'store', 'product', 'region', 'channel', 'cohort', 'churn', 'margin', 'returns', 'stock', 'tax', 'audit'][i - 1]}_sales`,
      'view',
      ['marts', 'reports'],
      columns('day:date', 'revenue:decimal(18,2)'),
      ['model.shop.fct_orders'],
    );
  add(
    'exposure.shop.revenue_dashboard',
    '',
    [],
    [],
    ['model.shop.dim_customers', 'model.shop.rpt_daily_sales', 'model.shop.rpt_monthly_sales'],
  );
  const edge = (from: string, to: string, kind: string, expression?: string): ColumnEdge => {
    const end = (text: string) => ({ node: text.slice(0, text.lastIndexOf('.')), column: text.slice(text.lastIndexOf('.') + 1) });
    return { from: end(from), to: end(to), kind, confidence: 'exact', ...(expression ? { expression } : {}) };
  };
  const flow: ColumnFlow = {
    edges: [
      edge('source.shop.raw.payments.id', 'model.shop.stg_payments.payment_id', 'renamed', 'id as payment_id'),
      edge('model.shop.stg_payments.amount', 'model.shop.int_order_payments.total_amount', 'aggregated', 'sum(amount)'),
      edge('model.shop.int_order_payments.total_amount', 'model.shop.fct_orders.amount', 'renamed', 'total_amount as amount'),
      edge('model.shop.fct_orders.amount', 'model.shop.dim_customers.lifetime_value', 'aggregated', 'sum(amount)'),
      edge('model.shop.fct_orders.amount', 'model.shop.rpt_daily_sales.revenue', 'aggregated', 'sum(amount)'),
    ],
    uses: [{ from: { node: 'model.shop.fct_orders', column: 'amount' }, to: 'model.shop.rpt_audit_sales', kind: 'filter' }],
  };
  return { graph: { project: { name: 'shop', adapter: 'duckdb', dialect: 'duckdb' }, nodes, edges }, flow };
}

/** A layered project of any size; the same size gives the same project. */
export function toLargeGraph(count: number): ProjectGraph {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const subjects = ['sales', 'finance', 'marketing', 'product', 'support', 'people', 'logistics', 'risk'];
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (let i = 0; i < count; i++) {
    const share = i / count;
    const subject = subjects[Math.floor(random() * subjects.length)] ?? 'sales';
    const [layer, kind] =
      share < 0.12 ? ['raw', 'source'] : share < 0.4 ? ['staging', 'model'] : share < 0.62 ? ['intermediate', 'model'] : ['marts', 'model'];
    const prefix = kind === 'source' ? '' : layer === 'staging' ? 'stg_' : layer === 'intermediate' ? 'int_' : 'fct_';
    const name = `${prefix}${subject}_${i}`;
    const id = kind === 'source' ? `source.big.${subject}.${name}` : `model.big.${name}`;
    nodes.push({
      id,
      kind,
      name,
      package: 'big',
      path: `models/${layer}/${subject}/${name}.sql`,
      materialized: share > 0.6 ? 'table' : 'view',
      tags: [],
      enabled: true,
      description: '',
      columns: [],
      folders: kind === 'source' ? [subject] : [layer, subject],
    });
    if (share < 0.12) continue;
    const parents = new Set<number>();
    const wanted = 1 + Math.floor(random() ** 3 * 5);
    // Parents come from not too far before and mostly from the same subject, as in real projects.
    for (let tries = 0; tries < 40 && parents.size < wanted; tries++) {
      const back = Math.floor(random() ** 1.5 * count * 0.3) + 1;
      const parent = nodes[Math.max(0, i - back)];
      if (parent === undefined || i - back < 0) continue;
      if (parent.name.includes(subject) || random() < 0.12) parents.add(i - back);
    }
    for (const parent of parents) edges.push({ from: nodes[parent]!.id, to: id, via: nodes[parent]!.kind === 'source' ? 'source' : 'ref' });
  }
  return { project: { name: `big ${count}`, adapter: 'snowflake', dialect: 'snowflake' }, nodes, edges };
}
