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
// Sixty columns of every kind, and texts that are hard to tell apart or to fit into a line.
const kinds = ['integer', 'varchar', 'decimal(10,2)', 'boolean', 'timestamp', 'date'];
const wideColumns = Array.from({ length: 60 }, (_, i) => ({
  name: i === 7 ? 'customer_lifetime_value_in_euros_before_tax' : `measure_${i + 1}`,
  type: kinds[i % 6],
}));
const wideRow = (r) =>
  wideColumns.map((_, i) =>
    i % 11 === 5
      ? null
      : [
          r * 37 + i,
          names[(r + i) % 6],
          ((r * 13 + i) % 977) / 10,
          r % 2 === 0,
          `2024-02-${10 + (r % 19)} 06:00:00`,
          `2024-03-${10 + (r % 19)}`,
        ][i % 6],
  );
const textColumns = [
  { name: 'id', type: 'integer' },
  { name: 'body', type: 'text' },
  { name: 'label', type: 'text' },
  { name: 'json', type: 'json' },
  { name: 'bytes', type: 'bytea' },
];
const texts = [
  [1, 'A short one', '', '{"a": 1}', '\\x00ff'],
  [2, 'First line\nsecond line\nthird line', null, null, null],
  [
    3,
    'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. '.repeat(
      9,
    ),
    'NULL',
    '[12345678901234567890, 1.10, {"deep": [true, {}], "x": "a, {b}"}]',
    '\\xdeadbeef',
  ],
  [4, '   three blanks before, tab\tinside, blanks behind   ', ' ', '{}', ''],
  [5, 'أهلاً وسهلاً 你好 🚀 naïve café', 'null', '"text"', null],
  [6, '<b>not bold</b> & "quoted"', '(empty)', null, null],
];
const tops = {
  1: names.slice(0, 5).map((value) => ({ value, count: 166667 })),
  3: [
    { value: true, count: 333334 },
    { value: false, count: 333333 },
  ],
  6: ['web', 'store', 'phone'].map((value) => ({ value, count: 333333 })),
};
const findings = {
  2: [
    '142,857 NULLs, although not_null is declared in models/schema.yml:12.',
    '12 outliers: half of the values lie between 20.1 and 68.4, but the greatest is 9000.',
  ],
  4: ['3 moments in the future: after 2026-11-21, up to 2027-01-04 08:30:00.'],
};
const tabOf = (id, title, change) => ({
  id,
  title,
  pinned: false,
  isRelation: true,
  state: 'rows',
  progress: '',
  columns: [],
  rowCount: 0,
  truncated: false,
  engine: 'SQLite',
  took: 84,
  notes: [],
  version: 1,
  ...change,
});
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
          version: 1,
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
          version: 0,
          notes: [
            {
              severity: 'error',
              message: "There is no column 'custmer_id' in raw_customers. Did you mean 'customer_id'?",
              location: { path: 'models/staging/stg_customers.sql', start: { line: 7, column: 3 }, end: { line: 7, column: 9 } },
            },
          ],
        },
        tabOf(3, 'wide_model', { columns: wideColumns, rowCount: 500 }),
        tabOf(4, 'texts_of_every_kind_with_a_long_name', { columns: textColumns, rowCount: texts.length }),
        ...(window.liveTab === undefined
          ? []
          : [tabOf(6, 'fct_orders · paid', { columns: columns.slice(0, 3), rowCount: 3, ...window.liveTab })]),
        tabOf(5, 'slow_join', { state: 'cancelled', notes: [{ severity: 'info', message: 'Cancelled.' }] }),
      ],
      active: window.activeTab ?? 1,
      isFollowing: window.following === true,
    });
  },
  chart: ({ question }) => {
    window.charted = question;
    if (question.kind === 'points')
      return { points: Array.from({ length: 400 }, (_, i) => [i, (i * 37) % 90, 1]), groups: 1000, rows: total, missing: 12 };
    if (question.step === 'value')
      return { points: ['web', 'store', 'phone', null].map((x, i) => [x, 400 - i * 90, 9]), groups: 4, rows: total, missing: 0 };
    return {
      points: Array.from({ length: 90 }, (_, i) => [
        new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
        50 + ((i * 37) % 40),
        3,
      ]),
      groups: 90,
      rows: total,
      missing: 3,
    };
  },
  copyText: (asked) => {
    window.copiedText = asked.text;
  },
  follow: (asked) => {
    window.followed = asked;
  },
  goToStep: (asked) => {
    window.wentTo = asked;
  },
  page: async ({ tab, version, offset, limit, view }) => {
    window.lastView = view;
    if (tab === 6) {
      await window.livePage;
      return { offset, rows: Array.from({ length: 3 }, (_, i) => [version * 10 + i, 'v' + version, 1]), rowCount: 3 };
    }
    if (tab === 3)
      return { offset, rows: Array.from({ length: Math.min(limit, 500 - offset) }, (_, i) => wideRow(offset + i)), rowCount: 500 };
    if (tab === 4) return { offset, rows: texts.slice(offset, offset + limit), rowCount: texts.length };
    return {
      offset,
      rows: Array.from({ length: Math.min(limit, total - offset) }, (_, i) => row(offset + i)),
      rowCount: view.filters.length ? 1234 : total,
    };
  },
  statistics: ({ tab, column }) =>
    tab === 3
      ? {
          nulls: column % 11 === 5 ? 500 : 0,
          distinct: 6 + column,
          min: wideRow(1)[column],
          max: wideRow(9)[column],
          histogram: column % 3 === 0 ? [1, 4, 9, 12, 9, 4, 1] : [],
          top: [],
        }
      : {
          nulls: column === 2 ? 142857 : 0,
          distinct: [1000000, 6, 900, 2, 90, 2, 3, 4][column],
          min: row(0)[column],
          max: row(8)[column],
          histogram: column === 0 || column === 2 ? [3, 8, 14, 20, 25, 22, 18, 11, 6, 4, 2, 1] : [],
          top: tops[column] ?? [],
        },
  profile: async ({ tab, view, column }) => {
    window.profiled = (window.profiled ?? 0) + 1;
    if (window.profilesWait !== undefined) await window.profilesWait;
    return {
      ...answers.statistics({ tab, view, column }),
      unique: column === 0,
      mean: column === 2 ? 44.95 : null,
      findings: findings[column] ?? [],
    };
  },
  totals: (asked) => {
    window.totalled = asked;
    return { filled: 6, numbers: 3, sum: 1234.5, min: 1, max: 1000 };
  },
  values: () => [
    { value: 'Adah', count: 166667 },
    { value: null, count: 12 },
  ],
  lineage: (asked) => {
    window.traced = asked;
  },
  find: ({ search }) => {
    window.lastSearch = search;
    if (search.text === 'nobody') return undefined;
    const from = search.from.row + (search.inclusive ? 0 : search.backwards ? -1 : 1);
    const found = [...Array(12).keys()]
      .map((i) => from + (search.backwards ? -i : i))
      .find((i) => row(i)[1].toLowerCase().includes(search.text));
    return found === undefined ? undefined : { row: found, column: 1, rows: 166667, at: Math.floor(found / 6) + 1 };
  },
  unitTest: (asked) => {
    window.tested = asked;
  },
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
