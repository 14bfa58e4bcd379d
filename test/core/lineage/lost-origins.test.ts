import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { findAnswerable, withAnswers } from '../../../src/core/lineage/answered-texts.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { readShop, testSettings } from '../../support/project.ts';
import { SmallProject } from '../engine/small-project.ts';

const orders = { 'seeds/orders.csv': 'id,amount,status\n1,2,paid\n2,5,open\n' };

/** What is known of where a model's columns come from: edges, expressions, and what was lost. */
function ends(snapshot: Snapshot, name = 'm'): string[] {
  const node = snapshot.lineage.nodes.get(`model.shop.${name}` as NodeId);
  const at = (column: string) => [
    ...(node?.edges ?? []).filter((edge) => edge.toColumn === column).map((edge) => `from ${edge.fromColumn}`),
    ...(node?.lost ?? []).filter((lost) => lost.toColumn === column).map((lost) => `lost: ${lost.reason}`),
  ];
  const columns = (node?.columns ?? []).map(({ name: column, expression }) =>
    [column, ...(expression === undefined ? [] : [`= ${expression}`]), ...at(column)].join(' '),
  );
  return [...columns, ...at('*').map((end) => `* ${end}`)];
}

describe('a column that no column goes into', () => {
  test.each<[string, string, string[]]>([
    ['says its literal', 'select 1 as a', ['a = 1']],
    [
      'says the call that makes it',
      "select count(*) as a, current_timestamp as b from {{ ref('orders') }}",
      ['a = count(*)', 'b = current_timestamp'],
    ],
    ['says it through CTEs', "with x as (select 'a' as k), y as (select k from x) select k as l from y", ["l = 'a'"]],
    ['says what each branch of a union makes', 'select 1 as a union all select 2', ['a = 1 | 2']],
    ['says the value of a row of VALUES', 'select v.a from (values (1), (2)) as v(a)', ['a = 1']],
    ['says the name of what the database gives', 'select current_user as who', ['who = current_user']],
  ])('%s', (_, sql, expected) => expect(ends(readShop({ ...orders, 'models/m.sql': sql }))).toEqual(expected));
});

describe('a column whose origin is lost says why', () => {
  test.each<[string, string, string[]]>([
    [
      'for a table that is no node',
      'select id, count(*) over () as n from raw.events',
      ["id lost: 'raw.events' is not a relation of the project", 'n = count(*) over ()'],
    ],
    ['for all columns of such a table', 'select * from raw.events', ["* lost: 'raw.events' is not a relation of the project"]],
    [
      'beside what is known',
      "select coalesce(o.amount, e.amount) as amount from {{ ref('orders') }} o join raw.events e on o.id = e.id",
      ["amount from amount lost: 'raw.events' is not a relation of the project"],
    ],
    [
      'for a name that nothing in sight has',
      "select x.nope as a from {{ ref('orders') }} o",
      ["a lost: no relation named 'x' is in scope"],
    ],
    ['for a function that gives tables', 'select * from my_rows()', ['* lost: the columns of this query are not known']],
    [
      'for a template that did not come to its end',
      'select 1 as a, {{ nobody.knows() }} as b',
      ['a = 1', "* lost: the template could not be rendered: 'nobody' is undefined. If 'nobody' is a package, install it with 'dbt deps'."],
    ],
  ])('%s', (_, sql, expected) => expect(ends(readShop({ ...orders, 'models/m.sql': sql }))).toEqual(expected));

  test('for a Python model', () => {
    const snapshot = readShop({
      ...orders,
      'models/m.py': "def model(dbt, session):\n    return dbt.ref('orders')\n",
      'models/m.yml': 'models: [{name: m, columns: [{name: id}]}]',
      'models/late.sql': "select id, more from {{ ref('m') }}",
    });
    const because = 'lost: Python makes its columns';
    expect(ends(snapshot)).toEqual([`id ${because}`, `more ${because}`, `* ${because}`]);
    expect(ends(snapshot, 'late')).toEqual(['id from id', 'more from more']);
  });

  test('for columns that a properties file declares behind a star', () => {
    const snapshot = readShop({
      'models/s.yml': 'sources: [{name: raw, tables: [{name: orders}]}]\nmodels: [{name: m, columns: [{name: id}]}]',
      'models/m.sql': "select * from {{ source('raw', 'orders') }}",
    });
    expect(ends(snapshot)).toEqual(['id from id', '* from *']);
  });
});

describe('columns that a query of the template decides about', () => {
  const pivot = `{% set statuses = run_query("select distinct status from " ~ ref('orders') ~ " order by 1").columns[0].values() if execute else [] %}
select id{% for s in statuses %}, sum(case when status = '{{ s }}' then amount end) as {{ s }}_amount{% endfor %} from {{ ref('orders') }} group by 1`;
  const query = 'select distinct status from "d"."dev"."orders" order by 1';
  const files = { ...orders, 'models/m.sql': pivot, 'models/late.sql': "select paid_amount from {{ ref('m') }}" };
  const unknown = `lost: which columns there are depends on what a query of the template answers: ${query}`;

  test('are marked where nobody answers it', async () => {
    const { snapshot } = await SmallProject.open(files, 'postgres');
    expect(ends(snapshot)).toEqual(['id from id', `paid_amount ${unknown}`, `* ${unknown}`]);
  });

  test('are there and marked where the data at hand answers it', async () => {
    const { snapshot, session } = await SmallProject.open(files, 'postgres');
    const asking = findAnswerable(snapshot, ['model.shop.late' as NodeId]);
    expect(asking).toEqual(['model.shop.m']);
    const rendering = await session.answer(asking[0] as NodeId);
    if (rendering === undefined) throw new Error('there is no answer');
    const because = `lost: it is there because a query of the template answers so over the data at hand: ${query}`;
    const answered = withAnswers(snapshot, new Map([[asking[0] as NodeId, rendering]]));
    expect(ends(answered)).toEqual([
      'id from id',
      `open_amount from status from amount ${because}`,
      `paid_amount from status from amount ${because}`,
      `* ${unknown}`,
    ]);
    expect(ends(answered, 'late')).toEqual(['paid_amount from paid_amount']);
  });

  test('are not asked of tables without rows', async () => {
    const source = {
      'models/s.yml': 'sources: [{name: raw, tables: [{name: orders}]}]',
      'models/m.sql': pivot.replaceAll("ref('orders')", "source('raw', 'orders')"),
    };
    const { snapshot } = await SmallProject.open(source, 'postgres');
    expect(findAnswerable(snapshot, snapshot.nodes.keys())).toEqual([]);
  });
});

describe('every column of every model ends in a column of a source, an expression, or a reason', () => {
  test.each(['lightdash-saas', 'crm-warehouse', 'ravenstack', 'b2b-saas', 'saas-activity'])('in %s', async (sample) => {
    const snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(`samples/${sample}`)), testSettings);
    expect(columnsWithoutEnd(snapshot)).toEqual([]);
  });
});

function columnsWithoutEnd(snapshot: Snapshot): string[] {
  const found: string[] = [];
  for (const { id, columns, edges, lost } of snapshot.lineage.nodes.values()) {
    if (snapshot.nodes.get(id)?.kind !== 'model' && snapshot.nodes.get(id)?.kind !== 'snapshot') continue;
    const reached = new Set([...edges, ...lost].map(({ toColumn }) => toColumn.toLowerCase()));
    for (const { name, expression } of columns)
      if (expression === undefined && !reached.has(name.toLowerCase())) found.push(`${id}.${name}`);
  }
  return found;
}
