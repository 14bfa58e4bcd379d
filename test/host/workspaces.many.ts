import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CheckResult } from '../../src/core/checks/result.ts';
import type { Api } from '../../src/extension/start.ts';
import type { Outline, ResultTab } from '../../src/protocol.ts';

describe('a workspace of several folders', () => {
  let api: Api;

  const outlineOf = (folder: string, root: string): Outline => {
    const found = api.outlines.find((outline) => outline.key.folder.endsWith(`/${folder}`) && outline.key.root === root);
    assert.ok(found, `${folder}/${root} in ${JSON.stringify(api.outlines.map((outline) => outline.key))}`);
    return found;
  };
  const open = async (folder: string, path: string): Promise<vscode.TextEditor> => {
    const [at] = (vscode.workspace.workspaceFolders ?? []).filter((one) => one.uri.path.endsWith(`/${folder}`));
    assert.ok(at);
    return vscode.window.showTextDocument(vscode.Uri.joinPath(at.uri, path));
  };
  const preview = async (folder: string, path: string): Promise<ResultTab> => {
    await open(folder, path);
    await vscode.commands.executeCommand('headwater.preview');
    const tab = api.results.tabs.find((one) => one.id === api.results.active);
    assert.equal(tab?.state, 'rows', JSON.stringify(tab?.notes));
    return tab;
  };

  before(async () => {
    const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
    assert.ok(extension);
    api = await extension.activate();
    await api.ready();
  });

  after(() => assert.deepEqual(api.failures, [], 'nothing failed behind the scenes'));

  it('has a project for each checkout, each dbt project of a folder and the plain SQL beside them', () => {
    assert.deepEqual(
      api.outlines
        .map((outline) => `${outline.key.folder.split('/').at(-1)}/${outline.key.root} ${outline.name} ${outline.adapter !== ''}`)
        .sort(),
      ['first/ shop true', 'mixed/north north true', 'mixed/reports reports false', 'mixed/south south true', 'second/ shop true'],
    );
  });

  it('previews the model of the file that is open, with the rows of its own project', async () => {
    assert.equal((await preview('first', 'models/staging/stg_customers.sql')).rowCount, 6);
    assert.equal((await preview('second', 'models/staging/stg_customers.sql')).rowCount, 2);
    assert.equal((await preview('mixed', 'south/models/staging/stg_customers.sql')).rowCount, 6);
    assert.equal((await preview('mixed', 'reports/big_orders.sql')).rowCount, 2);
  });

  it('runs the tests of the project that is meant, and keeps the results of two checkouts apart', async () => {
    const run = async (folder: string): Promise<readonly string[]> => {
      await open(folder, 'models/staging/stg_customers.sql');
      const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.runTests');
      return results.map((result) => `${result.name} ${result.status}`).sort();
    };
    assert.deepEqual(await run('first'), ['not_null_stg_customers_customer_id pass', 'unique_stg_customers_customer_id pass']);
    assert.deepEqual(await run('second'), ['not_null_stg_customers_customer_id pass', 'unique_stg_customers_customer_id fail']);
    const statusIn = (folder: string): string | undefined => {
      const results = [...api.checksOf(outlineOf(folder, '').key).values()];
      return results.find((result) => result.name === 'unique_stg_customers_customer_id')?.status;
    };
    assert.deepEqual([statusIn('first'), statusIn('second')], ['pass', 'fail']);
  });

  it('runs the tests of the node that a tree or a graph hands over, whatever file is open', async () => {
    await open('second', 'models/staging/stg_customers.sql');
    const outline = outlineOf('first', '');
    const node = outline.nodes.find((one) => one.name === 'stg_orders');
    const results = await vscode.commands.executeCommand<CheckResult[]>('headwater.runTests', { outline, node });
    assert.ok(results.length > 0 && results.every((result) => result.node === 'model.shop.stg_orders'), JSON.stringify(results));
  });

  it('runs everything that is tested in every project', async () => {
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    const end = Date.now() + 30_000;
    const missing = (): number =>
      api.outlines.reduce((sum, { key, nodes }) => {
        const results = api.checksOf(key);
        return sum + nodes.filter((node) => node.kind === 'test' && node.enabled && !results.has(node.id)).length;
      }, 0);
    while (missing() > 0 && Date.now() < end) {
      await vscode.commands.executeCommand('testing.runAll');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal(missing(), 0);
  });

  it('hovers, completes and goes to definitions within the project of the file', async () => {
    const { document } = await open('mixed', 'south/models/marts/orders.sql');
    const at = document.positionAt(document.getText().indexOf('stg_customers') + 3);
    const found = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
    assert.deepEqual(
      found.map((location) => location.uri.path.split('/mixed/').at(-1)),
      ['south/models/staging/stg_customers.sql'],
    );
  });

  it('lets a folder go when it is closed, and takes it in again', async () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const mixed = folders.findIndex((folder) => folder.uri.path.endsWith('/mixed'));
    const uri = folders[mixed]?.uri;
    assert.ok(uri);
    const wait = async (count: number): Promise<void> => {
      const end = Date.now() + 20_000;
      while (api.outlines.length !== count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(api.outlines.length, count);
    };
    vscode.workspace.updateWorkspaceFolders(mixed, 1);
    await wait(2);
    vscode.workspace.updateWorkspaceFolders(2, 0, { uri });
    await wait(5);
  });
});
