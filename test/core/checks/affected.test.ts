import { describe, expect, it } from 'vitest';
import { affectedTests } from '../../../src/core/checks/affected.ts';
import { readShop } from '../../support/project.ts';
import { shop } from './shop.ts';

const affected = (paths: readonly string[], more: Readonly<Record<string, string>> = {}): readonly string[] => {
  const snapshot = readShop({ ...shop, ...more });
  return affectedTests(snapshot, paths)
    .map((id) => snapshot.nodes.get(id)?.name ?? id)
    .sort();
};

const ofCustomers = [
  'accepted_values_customers_country__PT__DE',
  'not_null_customers_customer_id',
  'relationships_orders_customer_id__customer_id__ref_customers_',
  'totals_match',
  'unique_customers_customer_id',
  'vips_buy_a_lot',
];

describe('the tests that a saved file affects', () => {
  it('are those at and below what it defines', () => {
    expect(affected(['models/customers.sql'])).toEqual(ofCustomers);
    expect(affected(['models/customer_totals.sql'])).toEqual(['totals_match', 'vips_buy_a_lot']);
    expect(affected(['seeds/raw_customers.csv'])).toEqual(ofCustomers);
    expect(affected(['tests/totals_match.sql'])).toEqual(['totals_match']);
  });

  it('are all that a properties file declares or whose models it describes', () => {
    expect(affected(['models/schema.yml'])).toEqual(affected(['dbt_project.yml']));
  });

  it('are those whose test, or whose model, calls one of its macros', () => {
    expect(affected(['macros/tests.sql'])).toEqual(['positive_orders_1__amount']);
    const more = {
      'macros/cents.sql': '{% macro cents(name) %}{{ name }} * 100{% endmacro %}',
      'models/customer_totals.sql': (shop['models/customer_totals.sql'] ?? '').replace('sum(o.amount), 0) as', '{{ cents("1") }}, 0) as'),
    };
    expect(affected(['macros/cents.sql'], more)).toEqual(['totals_match', 'vips_buy_a_lot']);
  });

  it('are the unit tests whose rows a fixture gives', () => {
    const yaml = `unit_tests:\n  - name: from_file\n    model: customers\n    given: [{input: ref('raw_customers'), format: csv, fixture: three}]\n    expect: {rows: []}\n`;
    const more = { 'models/unit.yml': yaml, 'tests/fixtures/three.csv': 'id,name,country\n' };
    expect(affected(['tests/fixtures/three.csv'], more)).toEqual(['from_file']);
  });

  it('are none where nothing of the project stands in the file', () => {
    expect(affected(['README.md'])).toEqual([]);
  });
});
