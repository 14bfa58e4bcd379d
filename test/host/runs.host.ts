import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Proposal } from '../../src/core/checks/propose.ts';
import type { CheckResult } from '../../src/core/checks/result.ts';
import type { Api } from '../../src/extension/start.ts';

const uriOf = (path: string): vscode.Uri => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the tests run on a folder');
  return vscode.Uri.joinPath(first.uri, path);
};

async function until<Found>(what: string, look: () => Found | undefined | false, again?: () => unknown): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await again?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const read = async (path: string): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uriOf(path)));
const write = (path: string, text: string): Thenable<void> => vscode.workspace.fs.writeFile(uriOf(path), new TextEncoder().encode(text));

/** Replaces the text of a file in its editor, and saves it as a person does. */
async function edit(path: string, change: (text: string) => string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(path));
  await vscode.window.showTextDocument(document);
  const edits = new vscode.WorkspaceEdit();
  edits.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), change(document.getText()));
  await vscode.workspace.applyEdit(edits);
  return document;
}

const accept = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

describe('runs of tests, and tests that are written', () => {
  let api: Api;
  const originals = new Map<string, string>();
  const made: string[] = [];

  before(async () => {
    const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
    assert.ok(extension);
    api = await extension.activate();
    await api.ready();
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    for (const path of ['models/schema.yml', 'models/staging/stg_orders.sql', 'models/marts/customers.sql', 'seeds/raw_orders.csv'])
      originals.set(path, await read(path));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('testing.stopContinuousRun');
    for (const [path, text] of originals) if ((await read(path)) !== text) await write(path, text);
    for (const path of made.splice(0)) await vscode.workspace.fs.delete(uriOf(path)).then(undefined, () => undefined);
    for (let at = 0; at < 3; at++) await vscode.commands.executeCommand('workbench.action.files.revert').then(undefined, () => undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(() => assert.deepEqual(api.failures, [], 'nothing failed behind the scenes'));

  it('runs the tests that a save affects, and no others, while continuous run is on', async () => {
    // The explorer discovers on its own; what is asked too early runs nothing.
    await until(
      'the tests in the explorer',
      () => [...api.checks.values()].some((result) => result.name === 'unique_stg_orders_order_id'),
      () => vscode.commands.executeCommand('testing.runAll'),
    );
    // Where several profiles can follow, the workbench asks which: the first.
    void vscode.commands.executeCommand('testing.startContinuousRun');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext').then(undefined, () => undefined);
    await vscode.commands.executeCommand('workbench.action.quickPickManyToggle').then(undefined, () => undefined);
    await accept();
    const before = new Map(api.checks);
    const document = await edit('models/marts/customers.sql', (text) => text.replace('c.customer_id', '1 as customer_id'));
    await document.save();
    const failed = await until('the failure of the test', () =>
      [...api.checks.values()].find((result) => result.name === 'unique_customers_customer_id' && result.status === 'fail'),
    );
    assert.ok(failed);
    const ran = [...api.checks.values()].filter((result) => before.get(result.id) !== result).map((result) => result.name);
    assert.ok(ran.includes('unique_customers_customer_id'));
    assert.ok(!ran.includes('unique_stg_orders_order_id'), `what is not below it did not run: ${ran.join(', ')}`);
    await vscode.commands.executeCommand('testing.stopContinuousRun');
    const atRest = api.checks.get(failed.id);
    await edit('models/marts/customers.sql', (text) => text.replace('1 as customer_id', 'c.customer_id')).then((again) => again.save());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(api.checks.get(failed.id), atRest, 'after its end a save runs nothing');
  });

  it('ends a run that is cancelled in the middle of a query, keeps what had run, and runs again', async () => {
    const orders = "{{ ref('stg_orders') }}";
    const joins = Array.from({ length: 9 }, (_, i) => `cross join ${orders} as o${i}`).join(' ');
    made.push('tests/slow.sql', 'tests/a_quick_one.sql');
    await write('tests/a_quick_one.sql', `select 1 as a from ${orders} where 1 = 0\n`);
    await write('tests/slow.sql', `select count(*) as n from ${orders} as o ${joins} having count(*) < 0\n`);
    await until('the tests', () => ['a_quick_one', 'slow'].every((name) => api.outlines[0]?.nodes.some((node) => node.name === name)));
    const quick = 'test.shop.a_quick_one';
    const running = vscode.commands.executeCommand<CheckResult[]>('headwater.runTests', 'model.shop.stg_orders');
    await until('the quick test to end', () => api.checks.get(quick)?.status === 'pass');
    // The slow one holds its thread by now.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const asked = Date.now();
    await vscode.commands.executeCommand('testing.cancelRun');
    const results = await running;
    const took = Date.now() - asked;
    console.log(`    a run held by a query ended ${took} ms after it was cancelled`);
    assert.ok(
      results.some((result) => result.id === quick),
      'what ran is answered',
    );
    assert.ok(!results.some((result) => result.name === 'slow'), 'what did not end has no result');
    assert.equal(api.checks.has('test.shop.slow'), false);
    const again = await vscode.commands.executeCommand<CheckResult[]>('headwater.runTests', 'model.shop.customers');
    assert.ok(again.length > 0 && again.every((result) => result.status === 'pass'), JSON.stringify(again));
  });

  it('runs what my edit affects: the file is saved, and the tests at and below it run', async () => {
    await edit('models/staging/stg_orders.sql', (text) => `${text}\n-- looked at\n`);
    const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.runAffectedTests');
    const names = results.map((result) => result.name);
    for (const name of ['unique_stg_orders_order_id', 'unique_orders_order_id', 'unique_customers_customer_id'])
      assert.ok(names.includes(name), `${name} in ${names.join(', ')}`);
    assert.ok(!names.includes('unique_stg_customers_customer_id'), 'what does not read it stays');
    assert.equal(vscode.window.activeTextEditor?.document.isDirty, false);
  });

  it('writes the tests that were chosen among those the rows speak for, keeping comments, undone in one step', async () => {
    const commented = `# Ours, by hand.\n${originals.get('models/schema.yml')}# The end.\n`;
    const document = await edit('models/schema.yml', () => commented);
    await document.save();
    const choosing = vscode.commands.executeCommand<Proposal[]>('headwater.proposeTests', 'seed.shop.raw_customers');
    let chosen: Proposal[] | undefined;
    void choosing.then((proposals) => {
      chosen = proposals;
    });
    await until('the choice', () => chosen, accept);
    assert.ok(chosen?.some((proposal) => proposal.name === 'unique' && proposal.column === 'customer_id'));
    await until('the tests in the editor', () => document.getText() !== commented);
    const written = document.getText();
    assert.match(written, /- name: customer_id\n {8}description: The number of the customer\.\n {8}data_tests:\n {10}- unique\n/);
    const lines = new Set(written.split('\n'));
    assert.deepEqual(
      commented.split('\n').filter((line) => !lines.has(line)),
      [],
      'every line that stood there stands there',
    );
    assert.ok(written.startsWith('# Ours, by hand.\n') && written.endsWith('# The end.\n'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), commented);
  });

  it('makes a unit test of rows that were picked in the results panel, which passes, and fails once the model is another', async () => {
    await vscode.commands.executeCommand('headwater.preview', 'model.shop.customers');
    const tab = api.results.tabs.find((one) => one.title === 'customers' && one.state === 'rows');
    assert.ok(tab, JSON.stringify(api.results));
    const given = { tab: tab.id, picked: { view: { sort: undefined, filters: [] }, rows: [1, 2] } };
    const path = await vscode.commands.executeCommand<string>('headwater.makeUnitTest', given);
    assert.equal(path, 'models/schema.yml');
    const document = await vscode.workspace.openTextDocument(uriOf(path));
    const written = document.getText();
    assert.ok(written.startsWith((originals.get(path) ?? '').trimEnd()), 'what stood there stands there');
    assert.match(written, /unit_tests:\n {2}- name: customers_gives_picked_rows\n/);
    // The row that was picked is expected, and only the orders of that customer are given.
    const [, expected = ''] = written.split('    expect:\n');
    assert.equal(expected.match(/- \{/g)?.length, 1, written);
    assert.match(written, /input: ref\('stg_customers'\)\n +rows:\n +- \{[^\n]*\}\n(?! +- \{)/);
    await document.save();
    await until('the unit test', () => api.outlines[0]?.nodes.some((node) => node.name === 'customers_gives_picked_rows'));
    const run = async (): Promise<CheckResult | undefined> => {
      const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.runTests', 'model.shop.customers');
      return results.find((result) => result.kind === 'unit_test');
    };
    const first = await run();
    assert.equal(first?.status, 'pass', JSON.stringify(first));
    await edit('models/marts/customers.sql', (text) => text.replace('sum(amount)', 'sum(amount) + 1')).then((model) => model.save());
    const second = await run();
    assert.equal(second?.status, 'fail', JSON.stringify(second));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), originals.get(path));
  });
});
