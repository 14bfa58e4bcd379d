/** A project made to do harm, and the questions that it is put. */
export interface Attack {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What files cannot say: links, pipes, sizes; gets the project's folder, and a folder beside it that nothing may read. */
  readonly arrange?: (folder: string, outside: string) => void;
  /** Each a call of `headwater`; without them, the ones that read and run everything. */
  readonly calls?: readonly (readonly string[])[];
  /** Standard input of each call. */
  readonly input?: string;
  /** Holds for what is printed on standard output, where an answer and not only an end is wanted. */
  readonly answers?: (out: string) => boolean;
}

const project = 'name: shop\nprofile: shop\n';
const profile = 'shop: {target: dev, outputs: {dev: {type: duckdb}}}\n';

/** A dbt project called `shop` with these files. */
export function shop(files: Attack['files']): Attack['files'] {
  return { 'dbt_project.yml': project, 'profiles.yml': profile, ...files };
}

/** An attack by one model `m`, compiled and previewed. */
export function model(name: string, sql: string, more: Partial<Attack> & { readonly adapter?: string } = {}): Attack {
  const { adapter = 'duckdb', files = {}, ...rest } = more;
  return {
    name,
    files: shop({ 'profiles.yml': profile.replace('duckdb', adapter), 'models/m.sql': sql, 'models/fine.sql': 'select 1 as id', ...files }),
    calls: [
      ['graph', '--quiet'],
      ['compile', '--select', 'm'],
      ['preview', '--select', 'm', '--timeout', '5'],
    ],
    ...rest,
  };
}

export const times = (text: string, count: number): string => text.repeat(count);

/** `make(0)`, `make(1)`, … joined. */
export const many = (count: number, make: (i: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(between);
