// The host of the results grid in a plain page: a million rows that are computed when asked for.
/* global answers, tell */
const columns = [
  { name: 'order_id', type: 'integer' },
  { name: 'customer', type: 'varchar' },
  { name: 'amount', type: 'decimal(10,2)' },
  { name: 'is_paid', type: 'boolean' },
  { name: 'ordered_at', type: 'timestamp' },
  { name: 'note', type: 'text' },
  { name: 'channel', type: 'text' },
  { name: 'country_code', type: 'text' },
];
const names = ['Adah', 'Bryn', 'Cleo', 'Dov', 'Edda', 'Finn & Sons, Wholesale of Goods'];
const row = (i) => [
  i + 1,
  names[i % 6],
  i % 7 === 3 ? null : (((i * 37) % 900) / 10).toFixed(2),
  i % 3 === 0 ? true : i % 3 === 1 ? false : null,
  '2024-0' + (1 + (i % 9)) + '-1' + (i % 10) + ' 08:30:00',
  i % 5 === 0 ? '' : i % 5 === 1 ? null : 'left at the door',
  ['web', 'store', 'phone'][i % 3],
  ['DE', 'FR', 'US', 'JP'][i % 4],
];
const total = 1000000;
answers = {
  ready: () => {
    tell('show', {
      tabs: [
        {
          id: 1,
          title: 'fct_orders',
          pinned: true,
          isRelation: true,
          state: 'rows',
          progress: '',
          columns,
          rowCount: total,
          truncated: true,
          engine: 'SQLite',
          took: 212,
          notes: [
            { severity: 'info', message: 'current_date is 2026-11-21 in this run.' },
            {
              severity: 'warning',
              message: 'raw.refunds has no data: it is read as an empty table. A file raw_refunds.csv would fill it.',
              location: { path: 'models/sources.yml', start: { line: 12, column: 5 }, end: { line: 12, column: 12 } },
            },
          ],
        },
        {
          id: 2,
          title: 'stg_customers',
          pinned: false,
          isRelation: true,
          state: 'failed',
          progress: '',
          columns: [],
          rowCount: 0,
          truncated: false,
          engine: '',
          took: 0,
          notes: [
            {
              severity: 'error',
              message: "There is no column 'custmer_id' in raw_customers. Did you mean 'customer_id'?",
              location: { path: 'models/staging/stg_customers.sql', start: { line: 7, column: 3 }, end: { line: 7, column: 9 } },
            },
          ],
        },
      ],
      active: window.activeTab ?? 1,
    });
  },
  page: ({ offset, limit, view }) => {
    window.lastView = view;
    return {
      offset,
      rows: Array.from({ length: Math.min(limit, total - offset) }, (_, i) => row(offset + i)),
      rowCount: view.filters.length ? 1234 : total,
    };
  },
  statistics: ({ column }) => ({
    nulls: column === 2 ? 142857 : 0,
    distinct: [1000000, 6, 900, 2, 90, 2, 3, 4][column],
    min: row(0)[column],
    max: row(8)[column],
    histogram: column === 0 || column === 2 ? [3, 8, 14, 20, 25, 22, 18, 11, 6, 4, 2, 1] : [],
  }),
  activate: ({ tab }) => {
    window.activeTab = tab;
    answers.ready();
  },
  copy: (a) => {
    window.copied = a;
  },
  close: () => {},
  pin: () => {},
  open: () => {},
};
