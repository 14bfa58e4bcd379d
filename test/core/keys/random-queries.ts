/** A source of numbers that gives the same ones for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 1) >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 3266489917) >>> 0;
    return ((mixed ^ (mixed >>> 16)) >>> 0) % limit;
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  some<Item>(items: readonly Item[], most: number): Item[] {
    const chosen = new Set<Item>();
    for (let i = 0; i <= this.below(most); i++) chosen.add(this.one(items));
    return [...chosen];
  }
}

const columns = ['k', 'a', 'b', 'c'] as const;

/** Tables with a declared key (`k` of t1 and t2, `a, b` of t3) and small values, so that rows meet; NULL stands wherever it may. */
export function randomTables(chance: Chance): Readonly<Record<string, readonly (readonly (number | null)[])[]>> {
  const value = (): number | null => (chance.below(7) === 0 ? null : chance.below(4));
  const keyed = (): (number | null)[][] => Array.from({ length: chance.below(7) }, (_, k) => [k, value(), value(), value()]);
  const pairs = new Map<string, (number | null)[]>();
  for (let i = 0; i < chance.below(9); i++) {
    const [a, b] = [chance.below(3), chance.below(3)];
    pairs.set(`${a} ${b}`, [value(), a, b, value()]);
  }
  return {
    t1: keyed(),
    t2: keyed(),
    t3: [...pairs.values()],
    t4: Array.from({ length: chance.below(8) }, () => [value(), value(), value(), value()]),
  };
}

/** A query over those tables, with every clause that keys are followed through. */
export function randomQuery(chance: Chance, depth = 0): string {
  const kind = chance.below(depth > 2 ? 6 : 10);
  if (kind === 0) return `select ${chance.one(['distinct ', ''])}${list(chance, 'x')} from ${table(chance, depth)} x`;
  if (kind <= 2) {
    const groups = chance.some(columns, 2);
    return `select ${groups.map((g) => `x.${g} as ${g}`).join(', ')}, ${fill(groups)} from ${table(chance, depth)} x${where(chance, 'x')} group by ${groups.map((g) => `x.${g}`).join(', ')}`;
  }
  if (kind <= 5) {
    const type = chance.one(['join', 'left join', 'right join', 'full join', 'join', 'left join']);
    const on = chance
      .some(columns, 2)
      .map((column) => `x.${column} = y.${chance.one([column, ...columns])}`)
      .concat(chance.below(4) === 0 ? [`y.${chance.one(columns)} = ${chance.below(4)}`] : [])
      .join(' and ');
    return `select ${columns.map((column) => `${chance.one(['x', 'y'])}.${chance.one([column, ...columns])} as ${column}`).join(', ')} from ${table(chance, depth)} x ${type} ${table(chance, depth)} y on ${on}${where(chance, chance.one(['x', 'y']))}`;
  }
  if (kind === 6)
    return `select * from (${randomQuery(chance, depth + 1)}) l union${chance.one(['', ' all'])} select * from (${randomQuery(chance, depth + 1)}) r`;
  if (kind === 7)
    return `select k, a, b, c from (select x.*, row_number() over (partition by ${chance
      .some(columns, 2)
      .map((c) => `x.${c}`)
      .join(', ')} order by x.k, x.c) as rn from ${table(chance, depth)} x) n where rn = 1`;
  if (kind === 8) return `with q as (${randomQuery(chance, depth + 1)}) select ${list(chance, 'q')} from q${where(chance, 'q')}`;
  return `select x.k as k, x.a as a, x.b as b, x.c as c from ${table(chance, depth)} x where ${chance.one(['', 'not '])}exists (select 1 from ${table(chance, depth)} y where y.${chance.one(columns)} = x.${chance.one(columns)})`;
}

function table(chance: Chance, depth: number): string {
  return depth < 2 && chance.below(3) === 0 ? `(${randomQuery(chance, depth + 1)})` : chance.one(['t1', 't2', 't3', 't4']);
}

function list(chance: Chance, alias: string): string {
  return columns.map((column) => `${alias}.${chance.below(3) === 0 ? chance.one(columns) : column} as ${column}`).join(', ');
}

function fill(groups: readonly string[]): string {
  const rest = columns.filter((column) => !groups.includes(column));
  return rest.map((column, index) => `${index % 2 === 0 ? 'count(*)' : 'max(x.b)'} as ${column}`).join(', ');
}

function where(chance: Chance, alias: string): string {
  return chance.below(3) === 0
    ? ` where ${alias}.${chance.one(columns)} ${chance.one([`= ${chance.below(4)}`, 'is not null', `= ${alias}.${chance.one(columns)}`, 'is null', '> 1'])}`
    : '';
}
