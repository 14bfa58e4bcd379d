import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceScript } from '../../../src/core/lineage/script.ts';

const tables = { t: ['a', 'b', 'c', 'k'], u: ['d', 'e', 'k'], v: ['f', 'g', 'k'] } as const;
const schema = Object.fromEntries(
  Object.entries(tables).map(([name, columns]) => [name, Object.fromEntries(columns.map((column) => [column, 'integer']))]),
);

type Rows = Record<string, (number | null)[][]>;

/** Numbers that repeat from run to run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function makeRows(next: (below: number) => number): Rows {
  const rows: Rows = {};
  for (const [name, columns] of Object.entries(tables))
    rows[name] = Array.from({ length: 12 }, () => columns.map(() => (next(8) === 0 ? null : next(6))));
  return rows;
}

/** Writes queries over the three tables: joins, CTEs, stars, subqueries, aggregates, windows, set operations. */
class Writer {
  constructor(readonly next: (below: number) => number) {}

  pick<T>(list: readonly T[]): T {
    return list[this.next(list.length)] as T;
  }

  query(): string {
    const shape = this.next(8);
    if (shape === 0) return `with p as (${this.select()}), q as (select * from p) select q.*, 1 as one from q`;
    if (shape === 1) return `${this.select(2)} union all ${this.select(2)}`;
    if (shape === 2) return `select x.c1 as y1, x.c2 + 1 as y2, (select max(u.d) from u where u.k = x.c1) as y3 from (${this.select(2)}) x`;
    if (shape === 3) return `with p (m, n) as (${this.select(2)}) select m, n, count(*) over (partition by m) as w from p`;
    if (shape === 4)
      return `select * exclude (k), k as key from t where exists (select 1 from u where u.k = t.k and u.d ${this.pick(['>', '<'])} 2)`;
    if (shape === 5) return `select * replace (a + coalesce(b, 0) as a) from t join v using (k)`;
    if (shape === 6) return `select distinct on (a) a, b from (select a, max(b) as b from t group by all) order by a, b`;
    return this.select();
  }

  /** The rarer shapes: spread and stacked tables, frames, sets of groups, correlated subqueries, aliases to the left, steps of FROM first. */
  shaped(): string {
    const [x, y, z] = [this.pick(['a', 'b', 'c']), this.pick(['a', 'b', 'c']), this.pick(['a', 'b', 'c', 'k'])];
    return this.pick([
      `select * from (select ${x} as p, ${y} as q, k from t) pivot (sum(p) for q in (1, 2, 3))`,
      `pivot t on ${x} in (1, 2) using max(${y}) as m group by k`,
      `select * from t unpivot (w for n in (a, b))`,
      `select n, w from (unpivot t on ${x}, k into name n value w) u`,
      `select k, unnest([${x}, ${y}]) as item from t`,
      `select i.item, t.${z} from t, unnest([t.${x}, t.${y}]) as i (item)`,
      `select sum(${x}) over (partition by ${y} order by k rows between 1 preceding and current row) as s from t`,
      `select ${x} as p, avg(${y}) over w as q from t window w as (partition by ${z})`,
      `select k, ${x} as p from t qualify row_number() over (partition by k order by ${y}, a, b, c) = 1`,
      `select ${x} as p from t ${this.pick(['intersect', 'except', 'union'])} select d from u`,
      `select ${x} as p, (select count(*) from u where u.k = t.${y}) as q, exists (select 1 from v where v.f = t.${z}) as r from t`,
      `select k, (select max(g) from v where v.k = t.k and v.f > t.${x}) as p from t`,
      `select ${x} + 1 as p, p * 2 as q, q - ${y} as r from t`,
      `select ${x} as p, k, sum(${y}) as s from t group by grouping sets ((${x}), (k), ())`,
      `select k, sum(${x}) as s from t group by rollup (k)`,
      `select k, count(*) filter (where ${x} > 2) as n, list(${y} order by ${y}) as l from t group by k having max(${z}) > 1`,
      `with recursive r (n, m) as (select ${x}, 0 from t where k = 1 union all select n, m + 1 from r where m < 2) select n, m from r`,
      `select * from (values (1, 2), (3, 4)) x (p, q) join t on t.k = x.p`,
      `from t select ${x} as p where ${y} > 1`,
      `select p.${x}, q.d from t p asof join u q on p.k >= q.k`,
      `select t.${x}, u.d from t semi join v on t.k = v.k join u using (k)`,
      `select columns('${x}|k') from t`,
      `select min(columns(*)) from (select ${x}, ${y} as yy from t)`,
      `select {'p': ${x}, 'q': ${y}}.p as r, [w + ${z} for w in [${x}, ${y}] if w > 1] as l from t`,
      `select s.p, s.l.q from (select ${x} as p, {'q': ${y}} as l from t) s`,
    ]);
  }

  select(width = 1 + this.next(4)): string {
    const joins = this.pick([
      { from: 't', columns: ['t.a', 't.b', 't.c', 't.k'] },
      { from: 't join u on t.k = u.k', columns: ['t.a', 'b', 'c', 'd', 'u.e'] },
      { from: 't left join u on t.k = u.d', columns: ['t.a', 'b', 'd', 'e'] },
      { from: 'u full join v using (k)', columns: ['d', 'e', 'f', 'g', 'k'] },
      { from: '(select a as d, b + c as e from t where c is not null) s', columns: ['d', 'e', 's.d'] },
      { from: 't, lateral (select t.a + u.d as z from u where u.k = t.k) l', columns: ['t.a', 'b', 'l.z'] },
      { from: '(select k, unnest([a, b]) as item from t) n', columns: ['k', 'item'] },
    ]);
    const isGrouped = this.next(4) === 0;
    const items = Array.from(
      { length: width },
      (_, i) =>
        `${isGrouped && i > 0 ? this.aggregate(joins.columns) : isGrouped ? joins.columns[0] : this.value(joins.columns)} as c${i + 1}`,
    );
    const where =
      this.next(3) === 0
        ? ` where ${this.pick(joins.columns)} ${this.pick(['> 1', '< 4', 'is not null', 'in (1, 2, 3)', 'between 1 and 4'])}`
        : '';
    return `select ${items.join(', ')} from ${joins.from}${where}${isGrouped ? ` group by ${this.pick(['1', joins.columns[0] ?? '1'])}` : ''}`;
  }

  value(columns: readonly string[]): string {
    const [x, y, z] = [this.pick(columns), this.pick(columns), this.pick(columns)];
    return this.pick([
      x,
      x,
      `${x} + ${y}`,
      `coalesce(${x}, ${y})`,
      `case when ${x} > 2 then ${y} else ${z} end`,
      `length(cast(${x} as varchar))`,
      `case when ${x} in (select f from v) then 1 else 0 end`,
      `sum(${x}) over (partition by ${y})`,
      `rank() over (order by ${x})`,
      `greatest(${x}, ${y}) - ${z}`,
      `nullif(${x}, ${y})`,
      `list_sum(list_transform([${x}, ${y}], w -> w + 1))`,
      `struct_pack(p := ${x}, q := ${y}).p`,
      `length(concat(${x} * 100, '-', ${y}))`,
    ]);
  }

  aggregate(columns: readonly string[]): string {
    const [x, y] = [this.pick(columns), this.pick(columns)];
    return this.pick([
      `sum(${x})`,
      `count(${x})`,
      `count(*)`,
      `max(${x} + ${y})`,
      `count(distinct ${x})`,
      `sum(${x}) filter (where ${y} > 1)`,
      `min(case when ${x} = 1 then ${y} end)`,
    ]);
  }
}

describe('lineage means what it says', () => {
  let instance: DuckDBInstance;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
  });
  afterAll(() => instance.closeSync());

  it.each([
    ['300 queries', 300, (writer: Writer) => writer.query()],
    ['300 queries of rarer shapes', 300, (writer: Writer) => writer.shaped()],
  ] as const)(
    'a change of a column changes only what is made from it, in %s',
    async (_, count, write) => {
      const connection = await instance.connect();
      const fill = async (rows: Rows): Promise<void> => {
        for (const [name, columns] of Object.entries(tables)) {
          await connection.run(`create or replace table ${name} (${columns.map((column) => `${column} integer`).join(', ')})`);
          await connection.run(
            `insert into ${name} values ${(rows[name] ?? []).map((row) => `(${row.map((cell) => cell ?? 'null').join(', ')})`).join(', ')}`,
          );
        }
      };
      /** Every output column with its values in an order that does not depend on that of the rows. */
      const run = async (sql: string): Promise<Map<string, string>> => {
        const reader = await connection.runAndReadAll(sql);
        const names = reader.columnNames();
        const rows = reader.getRowsJson();
        return new Map(
          names.map((name, at) => [
            `${at} ${name}`,
            rows
              .map((row) => JSON.stringify(row[at]))
              .sort()
              .join(),
          ]),
        );
      };
      const next = random(20_240_817);
      const writer = new Writer(next);
      const rows = makeRows(next);
      const queries = [...new Set(Array.from({ length: count }, () => write(writer)))];
      const before: Map<string, string>[] = [];
      await fill(rows);
      for (const sql of queries) before.push(await run(sql));
      const wrong: string[] = [];
      let seen = 0;
      for (const [table, columns] of Object.entries(tables))
        for (const [at, column] of columns.entries()) {
          const changed = {
            ...rows,
            [table]: (rows[table] ?? []).map((row, line) =>
              row.map((cell, i) => (i === at ? (cell === null ? 3 : line % 4 === 0 ? null : (cell * 7 + line) % 11) : cell)),
            ),
          };
          await fill(changed);
          for (const [number, sql] of queries.entries()) {
            const [statement] = traceScript(sql, 'duckdb', schema).statements;
            const isUse = statement?.uses.some((use) => use.table === table && use.column === column);
            if (isUse) continue;
            for (const [key, value] of await run(sql)) {
              if (before[number]?.get(key) === value) continue;
              seen++;
              const output = statement?.columns[Number(key.split(' ')[0])];
              const isNamed = output?.from.some((source) => source.table === table && source.column === column);
              if (!isNamed) wrong.push(`${table}.${column} changes ${key} of: ${sql}`);
            }
          }
        }
      expect(wrong).toEqual([]);
      expect(seen).toBeGreaterThan(150);
    },
    120_000,
  );
});
