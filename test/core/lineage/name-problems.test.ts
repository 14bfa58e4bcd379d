import { describe, expect, it } from 'vitest';
import { openShop, shopFiles } from '../../support/marked-project.ts';

function problems(changes: Readonly<Record<string, string>>): string[] {
  const codes = /^(column|cte|join|union|table-hard)/;
  return openShop(changes)
    .problems.filter((problem) => codes.test(problem.code))
    .map(({ path, start, end, code, message }) => `${path}:${start.line}:${start.column}-${end.column} ${code}: ${message}`);
}

describe('problems of names in a project', () => {
  it('stand where the user wrote them, after Jinja that is longer than what it renders to', () => {
    const sql = "select {{ to_amount('cents') }} as amount, idd from (select 1 as id, 2 as cents) s\n";
    expect(problems({ 'models/stg_orders.sql': sql }).filter((line) => line.startsWith('models/stg'))).toEqual([
      "models/stg_orders.sql:1:44-47 column-unknown: There is no column 'idd' in 's'. Did you mean 'id'?",
    ]);
  });

  it('are not told of a text that was not rendered', () => {
    const sql = 'select {{ nothing_here() }} as a, idd from (select 1 as id) s\n';
    expect(problems({ 'models/extra.sql': sql }).filter((line) => line.startsWith('models/extra'))).toEqual([]);
  });

  it('are not told of what reads a text that was not rendered', () => {
    const changes = { 'models/broken.sql': 'select 1 as a, {{ nothing_here() }}', 'models/extra.sql': "select b from {{ ref('broken') }}" };
    expect(problems(changes).filter((line) => line.startsWith('models/extra'))).toEqual([]);
  });

  it('tell of a relation that is written by hand', () => {
    expect(
      problems({ 'models/extra.sql': 'select person_id from main.people\n' }).filter((line) => line.startsWith('models/extra')),
    ).toEqual([
      "models/extra.sql:1:23-34 table-hard-coded: main.people is written by hand, so dbt does not know that this model reads it: write {{ ref('people') }}.",
    ]);
  });

  it('tell of documented columns that the model does not make, and of made ones that are not documented', () => {
    const yml = `${shopFiles['models/schema.yml']}`.replace('- name: total', '- name: totl');
    expect(problems({ 'models/schema.yml': yml }).filter((line) => line.includes('customers has'))).toEqual([
      'models/schema.yml:23:11-20 column-undocumented: customers has 2 columns that are not listed here: name, total.',
      "models/schema.yml:28:15-19 column-documented-missing: customers has no column 'totl'. Did you mean 'total'?",
    ]);
  });

  it('keep silent about a CTE that another branch of a template reads', () => {
    const sql = 'with a as (select 1 as x) select 2 as x {% if false %} from a {% endif %}\n';
    expect(problems({ 'models/extra.sql': sql }).filter((line) => line.startsWith('models/extra'))).toEqual([]);
  });
});
