/** A column of the table that every expression of the corpus reads: its type in each dialect, and values, NULL among them. */
interface Column {
  readonly type: string;
  readonly values: readonly (string | number | boolean | null)[];
}

const columns: Readonly<Record<string, Column>> = {
  i: { type: 'bigint', values: [0, 1, -7, 10, 42, 3, null] },
  k: { type: 'int', values: [1, 2, 3, -2, null] },
  n: { type: 'numeric(12,3)', values: [0, 1.5, -2.5, 3.145, 1234.567, -0.005, 100, null, 0.125] },
  f: { type: 'double precision', values: [0, 0.5, -1.5, 2.75, 1000000, null, -0.001, 7] },
  s: {
    type: 'varchar',
    values: ['Hello World', '', 'foo-bar-baz', null, '  padded  ', 'Abc123', 'naïve café', 'a,b,,c', "it's", '12.50', 'ABC'],
  },
  p: { type: 'varchar', values: ['o', 'a', '-', '', null, 'World', ' ', 'x', 'bc'] },
  d: { type: 'date', values: ['2024-01-15', '2024-02-29', '2023-12-31', null, '2021-01-03', '1969-07-20', '2024-12-30', '2000-03-31'] },
  e: { type: 'date', values: ['2024-03-01', '2023-12-25', null, '2024-01-15', '1970-01-01'] },
  t: {
    type: 'timestamp',
    values: [
      '2024-01-15 10:30:45',
      '2024-02-29 23:59:59.999999',
      null,
      '2023-12-31 00:00:00',
      '1969-12-31 23:00:00.5',
      '2024-07-01 12:34:56.789',
    ],
  },
  u: { type: 'timestamp', values: ['2024-01-15 12:00:00', '2020-02-29 01:02:03', '2024-01-01 00:00:00', null] },
  b: { type: 'boolean', values: [true, false, null] },
  c: { type: 'boolean', values: [true, true, false, false, null, null, null] },
  g: { type: 'varchar', values: ['x', 'y', 'x', 'z'] },
};

const rowCount = 40;

/** Rows that bring the values together in ever other combinations; the lengths of the lists share few factors. */
const rows = Array.from({ length: rowCount }, (_, row) => [
  row + 1,
  ...Object.values(columns).map(({ values }, column) => values[(row + Math.floor((row * column) / 7)) % values.length] ?? null),
]);

/** The table `v` as the preview takes it. */
export const valueTable = {
  columns: { id: 'int', ...Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type])) },
  rows,
};

const literal = (value: string | number | boolean | null): string =>
  value === null ? 'null' : typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

/** Statements that make the same table in PostgreSQL and DuckDB. */
export const makeValueTable = [
  `create table v (${Object.entries(valueTable.columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})`,
  `insert into v values ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`,
];
