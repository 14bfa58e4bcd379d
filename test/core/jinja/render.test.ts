import { expect, it } from 'vitest';
import type { RenderEnvironment, RenderSubject } from '../../../src/core/dbt/environment.ts';
import { buildMacroLibrary } from '../../../src/core/dbt/macro-library.ts';
import { renderGenericTest, renderNode } from '../../../src/core/dbt/render.ts';
import { toNodeId } from '../../../src/core/text/ids.ts';

const macroText =
  '{% macro wrap(x) %}<{{ x }}>{% endmacro %}\n{% macro broken() %}\n{{ 1 + none }}{% endmacro %}\n{% macro endless(n) %}{{ endless(n + 1) }}{% endmacro %}';

function environment(more: Partial<RenderEnvironment> = {}): RenderEnvironment {
  return {
    projectName: 'shop',
    target: { name: 'dev', type: 'postgres', schema: 'main', database: 'db' },
    vars: { invocation: {}, root: {}, packages: new Map() },
    flags: {},
    env: {},
    runStartedAt: '2024-03-05T14:07:09Z',
    invocationId: 'id',
    dbtVersion: '1.10.0',
    dispatch: new Map(),
    macros: buildMacroLibrary('shop', [{ package: 'shop', path: 'macros/all.sql', text: macroText }]),
    resolver: {
      ref: ({ name }) =>
        name === 'lost'
          ? { kind: 'missing', code: 'ref-unknown', message: "There is no 'lost'." }
          : { kind: 'found', node: toNodeId('model', 'shop', name), relation: { database: 'db', schema: 'main', identifier: name } },
      source: ({ source, table }) => ({
        kind: 'found',
        node: toNodeId('source', 'shop', source, table),
        relation: { schema: source, identifier: table },
      }),
      graph: () => ({ nodes: {} }),
    },
    ...more,
  };
}

const subject = (text: string, more: Partial<RenderSubject> = {}): RenderSubject => ({
  name: 'orders',
  package: 'shop',
  path: 'models/orders.sql',
  text,
  resourceType: 'model',
  relation: { database: 'db', schema: 'main', identifier: 'orders' },
  config: {},
  ...more,
});

it('maps every copied character back to the file, past Windows line ends and macro calls', () => {
  const text = "select 1\r\nfrom {{ ref('a') }}\r\nwhere {{ wrap('x') }} = y";
  const { sql, map } = renderNode(environment(), subject(text), 'compile');
  expect(sql).toBe('select 1\nfrom "db"."main"."a"\nwhere <x> = y');
  for (const word of ['select', 'from', 'where', '= y']) {
    const at = sql.indexOf(word);
    expect(map.locate(at)).toEqual({ span: { start: text.indexOf(word), end: text.indexOf(word) + 1 }, verbatim: true });
    expect(map.outputOf(text.indexOf(word))).toBe(at);
  }
  const call = map.locate(sql.indexOf('<x>') + 1);
  expect(text.slice(call.span.start, call.span.end)).toBe("{{ wrap('x') }}");
});

it('names the place of a ref, and carries on past one that means nothing', () => {
  const text = "select * from {{ ref('lost') }}";
  const rendering = renderNode(environment(), subject(text), 'compile');
  expect(rendering.status).toBe('rendered');
  expect(rendering.problems[0]).toMatchObject({ code: 'ref-unknown', start: { line: 1, column: 18 } });
  const span = rendering.refs[0]?.span;
  expect(text.slice(span?.start, span?.end)).toBe("ref('lost')");
});

it('stops at a query that nobody answered, and goes on once it is', () => {
  const text = "{% set r = run_query('select 1 as n') %}{{ r.columns[0].values() if execute }}";
  const stopped = renderNode(environment(), subject(text), 'compile');
  expect(stopped).toMatchObject({ status: 'needs-data', queriesNeeded: ['select 1 as n'] });
  const answered = environment({ runQuery: () => ({ columns: [{ name: 'n' }], rows: [[1]] }) });
  expect(renderNode(answered, subject(text), 'compile').sql).toBe('(1,)');
  expect(renderNode(environment(), subject(text), 'parse').status).toBe('rendered');
});

it('stops a macro that calls itself without an end', () => {
  expect(renderNode(environment(), subject('{{ endless(1) }}'), 'compile').problems[0]?.code).toBe('jinja-budget');
  const loops = '{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}';
  expect(renderNode(environment(), subject(loops), 'compile').problems[0]?.code).toBe('jinja-budget');
});

it('tells where in which macro an error is, and the nearest name of one that is unknown', () => {
  const [inMacro] = renderNode(environment(), subject('select\n  {{ broken() }}'), 'compile').problems;
  expect(inMacro).toMatchObject({ code: 'jinja-error', start: { line: 2, column: 6 } });
  expect(inMacro?.related?.[0]).toMatchObject({ message: "in macro 'broken'", location: { path: 'macros/all.sql', start: { line: 3 } } });
  expect(renderNode(environment(), subject("{{ wrp('x') }}"), 'compile').problems[0]?.message).toContain("Did you mean 'wrap'?");
  expect(renderNode(environment(), subject("{{ dbt_expectations.star('x') }}"), 'compile').problems[0]?.message).toContain("'dbt deps'");
});

it('is incremental only where it is told so', () => {
  const text = '{% if is_incremental() %}new{% else %}all{% endif %}';
  expect(renderNode(environment(), subject(text), 'compile').sql).toBe('all');
  expect(renderNode(environment(), subject(text, { incremental: true }), 'compile').sql).toBe('new');
});

it('renders a generic test with its where and a ref in its arguments', () => {
  const { sql } = renderGenericTest(environment(), subject(''), {
    macro: 'relationships',
    model: { database: 'db', schema: 'main', identifier: 'orders' },
    columnName: 'customer_id',
    arguments: { to: "ref('customers')", field: 'id' },
    where: 'id > 1',
  });
  expect(sql.replace(/\s+/g, ' ')).toContain(
    'from (select * from "db"."main"."orders" where id > 1) dbt_subquery where customer_id is not null',
  );
  expect(sql).toContain('from "db"."main"."customers"');
});

it('dispatches to the adapter, its parents and the default', () => {
  const add = subject("{{ dbt.dateadd('day', 1, 'd') }}");
  expect(renderNode(environment(), add, 'compile').sql.trim()).toBe("d + ((interval '1 day') * (1))");
  const redshift = environment({ target: { name: 'dev', type: 'redshift', schema: 'main', database: 'db' } });
  expect(renderNode(redshift, add, 'compile').sql.replace(/\s+/g, ' ').trim()).toBe('dateadd( day, 1, d )');
});
