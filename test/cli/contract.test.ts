import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const shop = join(root, 'test/fixtures/shop');

// The program itself, as scripts call it: its exit codes, and which of its streams says what.
interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function headwater(args: readonly string[], input = '', cwd = shop): Said {
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args], { cwd, input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function json(args: readonly string[], input = ''): Readonly<Record<string, unknown>> {
  const said = headwater([...args, '--json'], input);
  expect(said.err, said.err).not.toContain('a bug of ours');
  return JSON.parse(said.out) as Readonly<Record<string, unknown>>;
}

const position = { line: expect.any(Number), column: expect.any(Number) };

describe('the command line answers as its contract says', () => {
  it.each([
    [['version'], { version: 1, headwater: expect.stringMatching(/^\d+\.\d+\.\d+$/) }],
    [['list', '--select', 'stg_orders+'], { version: 1, nodes: expect.arrayContaining(['model.shop.customers', 'model.shop.stg_orders']) }],
    [
      ['graph', '--select', 'customers'],
      {
        version: 1,
        project: { name: 'shop', adapter: expect.any(String), dialect: expect.any(String) },
        nodes: expect.arrayContaining([
          expect.objectContaining({
            id: 'model.shop.customers',
            kind: 'model',
            name: 'customers',
            package: 'shop',
            path: 'models/marts/customers.sql',
            materialized: 'table',
            tags: [],
            enabled: true,
            description: expect.any(String),
            columns: expect.arrayContaining([expect.objectContaining({ name: 'country', type: expect.any(String), origin: 'sql' })]),
          }),
        ]),
      },
    ],
    [
      ['compile', '--select', 'stg_orders'],
      { version: 1, nodes: expect.arrayContaining([{ id: 'model.shop.stg_orders', sql: expect.stringContaining('from'), problems: [] }]) },
    ],
    [
      ['lineage', '--select', 'customers.country'],
      {
        version: 1,
        columns: expect.arrayContaining([expect.objectContaining({ node: 'model.shop.customers', name: 'country' })]),
        edges: expect.arrayContaining([
          {
            from: { node: 'model.shop.stg_customers', column: 'country' },
            to: { node: 'model.shop.customers', column: 'country' },
            kind: 'copied',
            confidence: 'exact',
          },
        ]),
        uses: expect.any(Array),
      },
    ],
    [
      ['preview', '--select', 'customers', '--limit', '2'],
      {
        version: 1,
        columns: expect.arrayContaining([{ name: 'country', type: expect.any(String) }]),
        rows: [expect.any(Array), expect.any(Array)],
        rowCount: 6,
        truncated: true,
        engine: 'sqlite',
        notes: expect.any(Array),
        problems: [],
      },
    ],
    [
      ['test', '--select', 'customers'],
      {
        version: 1,
        results: expect.arrayContaining([
          expect.objectContaining({ id: expect.stringMatching(/^test\./), node: expect.any(String), status: 'pass', failures: 0 }),
        ]),
        summary: expect.any(Object),
      },
    ],
    [
      ['build', '--select', '+customers'],
      {
        version: 1,
        results: expect.arrayContaining([
          expect.objectContaining({ id: 'model.shop.customers', kind: 'model', status: 'pass', rows: 6, ms: expect.any(Number) }),
        ]),
        summary: expect.any(Object),
      },
    ],
    [
      ['erd'],
      {
        version: 1,
        entities: expect.arrayContaining([expect.objectContaining({ id: 'model.shop.customers', columns: expect.any(Array) })]),
        relationships: expect.arrayContaining([
          expect.objectContaining({
            from: { entity: expect.any(String), columns: expect.any(Array) },
            to: { entity: expect.any(String), columns: expect.any(Array) },
            cardinality: expect.any(String),
            because: expect.any(Array),
          }),
        ]),
      },
    ],
    [
      ['profile', '--select', 'customers'],
      {
        version: 1,
        node: 'model.shop.customers',
        rowCount: 6,
        columns: expect.arrayContaining([
          {
            name: 'country',
            type: expect.any(String),
            nulls: expect.any(Number),
            distinct: expect.any(Number),
            unique: false,
            min: expect.any(String),
            max: expect.any(String),
            mean: null,
            top: expect.arrayContaining([[expect.any(String), expect.any(Number)]]),
            findings: expect.any(Array),
          },
        ]),
      },
    ],
    [['check'], { version: 1, problems: expect.any(Array) }],
  ])('%j', (args, shape) => {
    expect(json(args)).toMatchObject(shape as object);
  });

  it('gives a problem its code, severity, sentence and place', () => {
    const [problem] = json(['check', '--project', join(root, 'test/golden/projects/broken/project')])['problems'] as readonly unknown[];
    expect(problem).toMatchObject({ code: expect.any(String), severity: expect.any(String), path: expect.any(String), start: position });
  });

  it('writes rows as CSV where it is asked to', () => {
    const { out } = headwater(['preview', '--select', 'raw_customers', '--limit', '1', '--csv']);
    expect(out.split('\n')[0]).toContain('country');
  });

  it('writes JUnit beside its answer', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'headwater-')), 'results.xml');
    json(['test', '--junit', file]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml[\s\S]*<testsuites[\s\S]*<testcase/);
  });
});

describe('batches answer every line, in order, whatever it holds', () => {
  it.each([
    [
      'sql lineage',
      { sql: 'select a as b from t', dialect: 'postgres' },
      { columns: [{ name: 'b', from: [{ table: 't', column: 'a' }], kind: 'renamed' }] },
    ],
    ['sql translate', { sql: 'select 1 as a', dialect: 'snowflake', to: 'sqlite' }, { sql: expect.stringContaining('1') }],
    [
      'sql run',
      { sql: 'select sum(id) as s from t', dialect: 'bigquery', tables: { t: { columns: { id: 'int' }, rows: [[1], [2]] } } },
      { columns: [expect.objectContaining({ name: 's' })], rows: [[3]], notes: [] },
    ],
    ['jinja', { template: '{{ 1 + 1 }}', mode: 'jinja', context: {} }, { output: '2' }],
  ])('%s', (command, request, answer) => {
    const lines = [{ id: 1, ...request }, 'not an object', { id: 2, sql: 7 }, { id: 3, ...request }];
    const text = `${lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n{"id":4,\n`;
    const said = headwater([...command.split(' '), '--batch'], text);
    const answers = said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly id: unknown });
    expect(answers.map(({ id }) => id)).toEqual([1, null, 2, 3, null]);
    expect(answers[0]).toMatchObject(answer);
    expect(answers[3]).toMatchObject(answer);
    expect(said.code).toBe(0);
  });
});

describe('exit codes', () => {
  it.each([
    ['0 where all is fine', ['list'], '', 0],
    ['1 where nothing is selected', ['list', '--select', 'no_such_model'], '', 1],
    ['1 where a query goes wrong while it runs', ['sql', 'run', '--dialect', 'postgres'], "select cast('x' as int)", 1],
    ['2 for a command that there is not', ['explode'], '', 2],
    ['2 for an option that there is not', ['list', '--colour'], '', 2],
  ])('%s', (_, args, input, code) => {
    const said = headwater(args, input);
    expect(said.code, said.err).toBe(code);
    expect(said.err).not.toContain('a bug of ours');
    if (code === 2) expect(said.out).toBe('');
  });

  it('says nothing on standard error where it is told to be quiet', () => {
    expect(headwater(['preview', '--select', 'customers', '--quiet']).err).toBe('');
  });
});

describe('options as dbt has them', () => {
  const ids = (...args: string[]) =>
    (json(['list', ...args]) as { readonly nodes: readonly string[] }).nodes.filter((id) => id.startsWith('model.'));

  it('a selection may name several nodes, at once or again and again', () => {
    const both = ids('--select', 'stg_orders', 'customers');
    expect(both.length).toBe(2);
    expect(ids('--select', 'stg_orders', '--select', 'customers')).toEqual(both);
    expect(ids('-s', 'stg_orders customers')).toEqual(both);
  });

  it('what stands beside the options is refused, not passed over', () => {
    expect(headwater(['list', 'stg_orders'])).toMatchObject({ code: 2, err: expect.stringContaining('--select stg_orders') });
    expect(headwater(['preview', '--select', 'stg_orders', 'customers']).code).toBe(2);
  });
});

describe('variables of the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-env-'));
  const model = `select '{{ env_var("MY_SHOP", "none") }}' as a, '{{ env_var("MY_TOKEN", "none") }}' as b`;
  const compiled = (env: Record<string, string>, ...args: string[]): string => {
    const { stdout } = spawnSync('node', [join(root, 'dist/cli.js'), 'compile', '--json', '--project', folder, ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return (JSON.parse(stdout) as { readonly nodes: readonly { readonly sql: string }[] }).nodes[0]?.sql ?? '';
  };

  beforeAll(() => {
    writeFileSync(join(folder, 'dbt_project.yml'), 'name: shop\n');
    mkdirSync(join(folder, 'models'));
    writeFileSync(join(folder, 'models/m.sql'), model);
    writeFileSync(join(folder, 'some.env'), 'export MY_SHOP="from a file"\n');
  });

  it.each<[string, Record<string, string>, string[], string]>([
    ['are read where the project names them, but no secrets', { MY_SHOP: 'x', MY_TOKEN: 't' }, [], "'x' as a, 'none' as b"],
    ['are read by name, secrets too', { MY_TOKEN: 't' }, ['--env', 'MY_SHOP=a b', 'MY_TOKEN'], "'a b' as a, 't' as b"],
    ['come from a file', { MY_SHOP: 'x' }, ['--env-file', join(folder, 'some.env')], "'from a file' as a, 'none' as b"],
    ['are left alone where that is asked', { MY_SHOP: 'x' }, ['--no-env'], "'none' as a, 'none' as b"],
    ['have a name for this program alone', { HEADWATER_ENV_MY_TOKEN: 'h' }, ['--no-env'], "'none' as a, 'h' as b"],
  ])('%s', (_, env, args, expected) => expect(compiled(env, ...args)).toBe(`select ${expected}`));
});
