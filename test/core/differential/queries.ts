/**
 * Queries made by chance from a seed: joins, groups with grouping sets, windows with frames, set operations, correlated subqueries, CTEs,
 * over the table `v` and its parts. The same seed makes the same queries.
 */
export function makeQueries(count: number, seed: number): string[] {
  let state = seed;
  const chance = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const one = <T>(items: readonly T[]): T => items[chance(items.length)] as T;
  const maybe = (text: () => string, of = 2): string => (chance(of) === 0 ? text() : '');

  const number = (a: string): string =>
    one([`${a}.i`, `${a}.k`, `${a}.n`, `${a}.id`, `${a}.i + ${a}.k`, `${a}.n * 2`, `coalesce(${a}.k, 0)`, `abs(${a}.i) % 3`]);
  const text = (a: string): string => one([`${a}.g`, `${a}.s`, `${a}.p`, `upper(${a}.g)`, `coalesce(${a}.p, '?')`, `left(${a}.s, 2)`]);
  const day = (a: string): string => one([`${a}.d`, `${a}.e`, `cast(${a}.t as date)`, `${a}.d + 1`]);
  const condition = (a: string): string =>
    one([
      () => `${number(a)} > ${chance(5)}`,
      () => `${a}.b`,
      () => `not ${a}.c`,
      () => `${a}.s is not null`,
      () => `${a}.g in ('x', 'y')`,
      () => `${day(a)} >= date '2024-01-01'`,
      () => `${text(a)} like '%a%'`,
      () => `${a}.i is distinct from ${a}.k`,
      () => `(${a}.b or ${a}.n < 2)`,
      () => `${a}.k between -1 and 2`,
      () => `${a}.id not in (select k from v where k is not null)`,
      () => `exists (select 1 from v y where y.k = ${a}.id and y.b)`,
      () => `${a}.i = (select max(y.i) from v y where y.g = ${a}.g)`,
      () => `${a}.k > all (select y.k from v y where y.id < 3)`,
      () => `${a}.k = any (select y.i from v y where y.g = ${a}.g)`,
    ])();
  const aggregate = (a: string): string =>
    one([
      () => `count(*)`,
      () => `count(${text(a)})`,
      () => `count(distinct ${text(a)})`,
      () => `sum(${number(a)})`,
      () => `min(${day(a)})`,
      () => `max(${number(a)})`,
      () => `avg(${a}.n)`,
      () => `sum(${number(a)}) filter (where ${a}.b)`,
      () => `string_agg(${a}.g, ',' order by ${a}.id)`,
      () => `sum(case when ${a}.b then 1 else 0 end)`,
      () => `bool_or(${a}.c)`,
      () => `max(${a}.i) - min(${a}.k)`,
      () => `percentile_cont(0.5) within group (order by ${a}.f)`,
    ])();
  const key = (a: string): string => one([`${a}.g`, `${a}.b`, `${a}.k`, `extract(year from ${a}.d)`, `${a}.c`, `left(${a}.s, 1)`]);
  const frame = (): string =>
    one([
      '',
      '',
      ' rows between 2 preceding and current row',
      ' rows between unbounded preceding and 1 following',
      ' rows between 1 following and 3 following',
      ' range between unbounded preceding and current row',
      ' range between 2 preceding and 2 following',
      ' groups between 1 preceding and 1 following',
      ' rows between 1 preceding and 1 following exclude current row',
      ' groups between 1 preceding and current row exclude ties',
      ' range between current row and unbounded following exclude group',
    ]);
  const windowed = (a: string): string => {
    const partition = maybe(() => `partition by ${key(a)} `);
    const plain = `${partition}order by ${a}.id`;
    return one([
      () => `row_number() over (${plain})`,
      () => `rank() over (${partition}order by ${key(a)} desc)`,
      () => `dense_rank() over (${partition}order by ${number(a)})`,
      () => `sum(${number(a)}) over (${plain}${frame()})`,
      () => `count(${text(a)}) over (${plain}${frame()})`,
      () => `max(${a}.n) over (${plain}${frame()})`,
      () => `avg(${a}.k) over (${plain}${frame()})`,
      () => `lag(${text(a)}, ${1 + chance(3)}) over (${plain})`,
      () => `lead(${number(a)}, 1, 0) over (${plain})`,
      () => `first_value(${text(a)}) over (${plain})`,
      () => `last_value(${number(a)}) over (${plain}${frame()})`,
      () => `nth_value(${number(a)}, 2) over (${plain}${frame()})`,
      () => `ntile(${2 + chance(3)}) over (${plain})`,
      () => `count(*) over (${partition})`,
      () => `sum(${a}.n) filter (where ${a}.b) over (${plain})`,
    ])();
  };
  const join = (): string =>
    one(['join', 'left join', 'left join', 'full join', 'right join']).concat(
      ' v b on ',
      one(['a.id = b.k', 'a.g = b.g and a.id = b.id + 1', 'a.i = b.i and b.id < 9', 'a.k = b.k and a.b = b.b and b.id < 12']),
    );

  const plainSelect = (): string =>
    `select a.id, ${number('a')} as x, ${text('a')} as y, ${windowed('a')} as w from v a${maybe(() => ` where ${condition('a')}`)} order by a.id`;
  const joined = (): string => {
    const kind = join();
    return `select a.id as x, b.id as y, ${number('a')} as p, ${text('b')} as q from v a ${kind}${maybe(() => ` where ${condition('a')}`, 3)} order by 1 nulls last, 2 nulls last, 3, 4`;
  };
  const grouped = (): string => {
    const [first, second] = [key('a'), key('a')];
    const by = one([
      first,
      `${first}, ${second}`,
      `rollup (${first}, ${second})`,
      `cube (${first}, ${second})`,
      `grouping sets ((${first}), (${second}), ())`,
    ]);
    const list = by === first ? [first] : [first, second];
    const names = list.map((item, i) => `${item} as k${i}`).join(', ');
    const groupings =
      by.includes('(') && by !== first && !by.startsWith('extract') && !by.startsWith('left') ? `, grouping(${first}) as z` : '';
    return `select ${names}${groupings}, ${aggregate('a')} as m, ${aggregate('a')} as o from v a${maybe(() => ` where ${condition('a')}`)} group by ${by}${maybe(() => ' having count(*) > 1', 3)} order by ${Array.from({ length: list.length + 2 + (groupings === '' ? 0 : 1) }, (_, i) => i + 1).join(', ')}`;
  };
  const setOperation = (): string => {
    const side = (): string => `select ${one(['i', 'k', 'id'])} as x, ${one(['g', 'p', 's'])} as y from v a where ${condition('a')}`;
    return `${side()} ${one(['union', 'union all', 'intersect', 'except', 'intersect all', 'except all'])} ${side()} order by 1, 2`;
  };
  const withCte = (): string =>
    `with q as (select a.g, a.id, ${windowed('a')} as r, ${number('a')} as m from v a${maybe(() => ` where ${condition('a')}`)}), t as (select g, ${aggregate('x').replaceAll('x.', 'v.')} as u from v group by g) select q.id, q.r, t.u, q.m from q left join t on q.g = t.g order by q.id, q.r, q.m`;
  const scalar = (): string =>
    `select a.id, (select ${aggregate('y')} from v y where y.g = a.g and y.id <= a.id) as m, (select y.s from v y where y.id = a.k) as s from v a order by a.id`;
  const distinctOn = (): string => `select distinct on (a.g, a.b) a.g, a.b, a.id, ${text('a')} as y from v a order by a.g, a.b, a.id desc`;
  const lateral = (): string =>
    `select a.id, l.m, l.c from v a cross join lateral (select ${one(['max(y.i)', 'sum(y.n)', 'min(y.d)'])} as m, count(*) as c from v y where y.g = a.g and y.id < a.id) l order by a.id`;

  return Array.from({ length: count }, () =>
    one([plainSelect, plainSelect, joined, grouped, grouped, setOperation, withCte, scalar, distinctOn, lateral])(),
  );
}
