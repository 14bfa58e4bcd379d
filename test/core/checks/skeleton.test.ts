import { expect, it } from 'vitest';
import { runTests } from '../../../src/core/checks/run-tests.ts';
import { buildUnitTest } from '../../../src/core/checks/skeleton.ts';
import type { ModelNode } from '../../../src/core/project/node.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { openShop, shop } from './shop.ts';

it('a unit test made of rows passes as it is, and fails once the model means something else', async () => {
  const { snapshot, around } = await openShop();
  const model = snapshot.nodes.get('model.shop.customer_totals' as NodeId) as ModelNode;
  const built = await buildUnitTest(around.session, snapshot, model, 3);
  const yaml = 'yaml' in built ? built.yaml : '';
  expect(yaml).toContain("input: ref('orders')");
  const statuses = async (sql: string) => {
    const shop = await openShop({ 'models/made.yml': yaml, 'models/customer_totals.sql': sql });
    const results = await runTests(shop.around, [...shop.snapshot.nodes.keys()]);
    return results.filter((result) => result.name === 'customer_totals_keeps_its_rows').map((result) => result.status);
  };
  const sql = shop['models/customer_totals.sql'] ?? '';
  expect(await statuses(sql)).toEqual(['pass']);
  expect(await statuses(sql.replace('left join', 'join'))).toEqual(['fail']);
});
