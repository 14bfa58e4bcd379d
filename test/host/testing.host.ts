import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CheckResult } from '../../src/core/checks/result.ts';
import type { Api } from '../../src/extension/start.ts';

async function until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What did not pass, with its reason. */
const explain = (result: CheckResult | undefined): readonly string[] =>
  result?.status === 'pass' ? [] : [`${result?.name} ${result?.status} ${result?.message} ${JSON.stringify(result?.sample?.rows)}`];

describe('the Test Explorer', () => {
  let api: Api;

  before(async () => {
    const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
    assert.ok(extension);
    api = await extension.activate();
    await api.ready();
  });

  it('runs every test of the project when all tests are run', async () => {
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    const all = api.outlines.flatMap((outline) => outline.nodes).filter((node) => node.kind === 'test' && node.enabled);
    assert.ok(all.length > 5, 'the project has tests');
    // The explorer discovers on its own; what is asked too early runs nothing.
    await until('all results', () => {
      if (api.checks.size === 0) void vscode.commands.executeCommand('testing.runAll');
      return all.every((node) => api.checks.has(node.id));
    });
    assert.deepEqual(
      all.map((node) => api.checks.get(node.id)).flatMap((result) => explain(result)),
      [],
    );
  });

  it('runs the tests of one model and says which rows fail once its data are broken', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const seed = vscode.Uri.joinPath(folder.uri, 'seeds/raw_orders.csv');
    const before = new TextDecoder().decode(await vscode.workspace.fs.readFile(seed));
    const lines = before.trimEnd().split('\n');
    // Saved as a document: every worker hears of that at once, and of a file on disk only when its watcher does.
    const document = await vscode.workspace.openTextDocument(seed);
    const save = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(seed, new vscode.Range(0, 0, document.lineCount, 0), text);
      assert.ok((await vscode.workspace.applyEdit(edit)) && (await document.save()), 'the seed is saved');
    };
    try {
      await save(`${[...lines, lines[1]].join('\n')}\n`);
      const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.runTests', 'model.shop.stg_orders');
      const failed = results.filter((result) => result.status === 'fail');
      assert.deepEqual(
        failed.map((result) => [result.name, result.failures]),
        [['unique_stg_orders_order_id', 1]],
      );
      const broken = (lines[1] ?? '').split(',')[0];
      assert.equal(String(failed[0]?.sample?.rows[0]?.[0]), broken);
      await vscode.commands.executeCommand('headwater.showFailure', failed[0]?.id);
      const tab = await until('the failing rows in the results panel', () =>
        api.results.tabs.find((one) => one.title === failed[0]?.name && one.state === 'rows'),
      );
      assert.equal(tab.rowCount, 1);
      const editor = vscode.window.visibleTextEditors.find(({ document }) => document.getText().includes('unique_stg_orders_order_id'));
      assert.ok(editor, 'the SQL of the test is shown');
    } finally {
      await save(before);
    }
  });

  it('builds a selection in order and shows what was built', async () => {
    const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.build', '+orders');
    assert.deepEqual(results.flatMap(explain), []);
    const names = results.map((result) => result.name);
    assert.ok(names.indexOf('raw_orders') < names.indexOf('stg_orders'));
    assert.ok(names.indexOf('stg_orders') < names.indexOf('orders'));
    const shown = await until('the build in the results panel', () =>
      api.results.tabs.find((tab) => tab.title === 'build of +orders' && tab.state === 'rows'),
    );
    assert.equal(shown.rowCount, results.length);
    assert.deepEqual(
      shown.columns.map(({ name }) => name),
      ['status', 'kind', 'name', 'rows', 'ms', 'message'],
    );
  });
});
