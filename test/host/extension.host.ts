import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension/start.ts';

const folder = (): vscode.Uri => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the tests run on a folder');
  return first.uri;
};

async function until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end)
      assert.fail(
        `waited in vain for ${what}; results: ${JSON.stringify(vscode.extensions.getExtension<Api>('headwater.headwater')?.exports.results)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('Headwater in the extension host', () => {
  let api: Api;

  before(async () => {
    const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
    assert.ok(extension, 'the extension is installed');
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder(), 'models/marts/with_steps.sql'),
      new TextEncoder().encode(
        "with placed as (\n  select * from {{ ref('stg_orders') }}\n),\npaid as (\n  select * from placed where 1 = 1\n)\nselect count(*) as n from paid\n",
      ),
    );
    api = await extension.activate();
    console.log(`activated in ${api.activatedIn.toFixed(1)} ms`);
    await api.ready();
  });

  after(() => {
    assert.deepEqual(api.failures, [], 'nothing failed behind the scenes');
  });

  it('finds the project and every kind of node in it', () => {
    assert.deepEqual(
      api.outlines.map((outline) => outline.name),
      ['shop'],
    );
    const names = api.outlines.flatMap((outline) => outline.nodes).map((node) => node.name);
    for (const name of ['raw_customers', 'raw_orders', 'stg_customers', 'stg_orders', 'customers', 'orders'])
      assert.ok(names.includes(name), name);
  });

  it('registers every command of its manifest', async () => {
    const extension = vscode.extensions.getExtension('headwater.headwater');
    assert.ok(extension);
    const declared = (extension.packageJSON.contributes.commands as { command: string }[]).map(({ command }) => command);
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      declared.filter((command) => !registered.includes(command)),
      [],
    );
  });

  it('previews a seed', async () => {
    await vscode.commands.executeCommand('headwater.preview', 'seed.shop.raw_customers');
    const tab = api.results.tabs.find((candidate) => candidate.title === 'raw_customers');
    assert.equal(tab?.state, 'rows', JSON.stringify(tab?.notes));
    assert.equal(tab?.rowCount, 6);
    assert.deepEqual(
      tab?.columns.map((column) => column.name),
      ['customer_id', 'name', 'country', 'signed_up_on', 'newsletter'],
    );
  });

  it('shows the state after the data batch that was switched to', async () => {
    const write = (path: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder(), path), new TextEncoder().encode(text));
    const batches = ['seeds/raw_customers.csv', 'models/raw_customers_late.csv'];
    await write('models/raw_customers_late.csv', 'customer_id,name,country,signed_up_on,newsletter\n77,Late,NL,2024-06-01,true\n');
    await write(
      'headwater.yml',
      `batches:\n${batches.map((file, i) => `  - { name: b${i}, files: [${file}], apply: append }\n`).join('')}`,
    );
    await until('the batches', () => api.outlines[0]?.batches.length === 2);
    const count = (): number | undefined => api.results.tabs.find((tab) => tab.title === 'raw_customers' && tab.state === 'rows')?.rowCount;
    await vscode.commands.executeCommand('headwater.preview', 'seed.shop.raw_customers');
    assert.equal(count(), 6);
    await vscode.commands.executeCommand('headwater.switchBatch', 'b1');
    await until('the row of the second batch', () => count() === 7);
    await vscode.commands.executeCommand('headwater.switchBatch', 'b0');
    await until('the rows of the first batch', () => count() === 6);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), 'headwater.yml'));
    await until('the end of the batches', () => api.outlines[0]?.batches.length === 0);
  });

  it('previews a model over the seeds', async () => {
    await vscode.commands.executeCommand('headwater.preview', 'model.shop.customers');
    const tab = api.results.tabs.find((candidate) => candidate.title === 'customers');
    assert.equal(tab?.state, 'rows', JSON.stringify(tab?.notes));
    assert.equal(tab?.rowCount, 6);
    assert.match(tab?.notes.map((note) => note.message).join('\n') ?? '', /web\.raw_orders' is read from seeds\/raw_orders\.csv/);
  });

  it('previews one CTE of a model, the rows of each, selected text with the CTEs it needs, and an untitled query', async () => {
    const find = (title: string) => {
      const tab = api.results.tabs.find((candidate) => candidate.title === title);
      assert.equal(tab?.state, 'rows', JSON.stringify(api.results.tabs));
      return tab;
    };
    await vscode.commands.executeCommand('headwater.previewCte', 'model.shop.with_steps', 'paid');
    assert.ok((find('with_steps · paid')?.rowCount ?? 0) > 0);
    await vscode.commands.executeCommand('headwater.countRows', 'model.shop.with_steps');
    assert.deepEqual(
      [find('rows of with_steps')?.rowCount, find('rows of with_steps')?.columns.map((column) => column.name)],
      [2, ['step', 'cte', 'rows', 'change']],
    );
    const model = vscode.Uri.joinPath(folder(), 'models/marts/with_steps.sql');
    const editor = await vscode.window.showTextDocument(model);
    const text = 'select count(*) as n from paid';
    const at = editor.document.getText().indexOf(text);
    editor.selection = new vscode.Selection(editor.document.positionAt(at), editor.document.positionAt(at + text.length));
    await vscode.commands.executeCommand('headwater.previewSelection');
    assert.equal(find('selection of with_steps.sql')?.rowCount, 1);
    const untitled = await vscode.workspace.openTextDocument({ language: 'sql', content: "select 1 as one from {{ ref('customers') }}" });
    await vscode.window.showTextDocument(untitled);
    await vscode.commands.executeCommand('headwater.preview');
    assert.equal(api.results.tabs.find((tab) => tab.id === api.results.active)?.rowCount, 6);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows documentation on a column name', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'models/staging/stg_customers.sql');
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf('country') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
    const text = hovers
      .flatMap((hover) => hover.contents.map((content) => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(text, /ISO code of the country/);
  });

  it('goes from a ref to its model', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'models/marts/orders.sql');
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf('stg_customers') + 3);
    const found = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', uri, at);
    assert.ok(found.some((location) => location.uri.path.endsWith('models/staging/stg_customers.sql')));
  });

  it('follows a file that is created and one that is deleted', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'models/marts/made_by_test.sql');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("select * from {{ ref('customers') }}\n"));
    try {
      const made = await until('the new model', () => api.outlines[0]?.nodes.find((node) => node.name === 'made_by_test'));
      assert.ok(api.outlines[0]?.edges.some((edge) => edge.to === made.id));
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    await until('its end', () => !api.outlines[0]?.nodes.some((node) => node.name === 'made_by_test'));
  });

  it('takes unsaved text into account', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'models/marts/orders.sql');
    const document = await vscode.workspace.openTextDocument(uri);
    const before = api.outlines[0]?.edges.length ?? 0;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(
      uri,
      document.positionAt(document.getText().length),
      "\nunion all select 1, 2, 'x', null, 'y', 3 from {{ ref('raw_customers') }}\n",
    );
    await vscode.workspace.applyEdit(edit);
    await until('the new edge', () => (api.outlines[0]?.edges.length ?? 0) > before);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the old edges', () => api.outlines[0]?.edges.length === before);
  });

  it('goes on after its preview worker was ended in the middle of a query, and says so in one line', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'models/marts/slow.sql');
    const orders = "{{ ref('stg_orders') }}";
    const sql = `select count(*) as n from ${orders} as a cross join ${orders} as b cross join ${orders} as c cross join ${orders} as d\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(sql));
    try {
      await until('the slow model', () => api.outlines[0]?.nodes.some((node) => node.name === 'slow'));
      const running = vscode.commands.executeCommand('headwater.preview', 'model.shop.slow');
      await until('the query to run', () =>
        api.results.tabs.some((tab) => tab.state === 'running' && tab.progress.startsWith('Building slow')),
      );
      await api.endPreviewWorker();
      await running;
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    const ended = api.results.tabs.find((tab) => tab.title === 'slow');
    assert.equal(ended?.state, 'cancelled', JSON.stringify(ended?.notes));
    assert.equal(ended?.notes.length, 1);
    assert.match(ended?.notes[0]?.message ?? '', /stopped/);
    await vscode.commands.executeCommand('headwater.preview', 'model.shop.orders');
    const again = api.results.tabs.find((tab) => tab.title === 'orders');
    assert.equal(again?.state, 'rows', JSON.stringify(again?.notes));
  });

  it('opens the graph and the entity diagram', async () => {
    await vscode.commands.executeCommand('headwater.showGraph', 'model.shop.customers');
    await vscode.commands.executeCommand('headwater.showErd', 'model.shop.customers');
    const titles = (): string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs).map((tab) => tab.label);
    await until('the graph', () => titles().some((title) => title.startsWith('Lineage')));
    await until('the entity diagram', () => titles().some((title) => title.startsWith('ERD')));
  });

  it('opens the graph in a view of the panel where the settings say so, and turns it to another node', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const settings = vscode.workspace.getConfiguration('headwater');
    await settings.update('graph.place', 'view', vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand('headwater.showGraph', 'model.shop.customers');
      await until('the view', () => api.pictures.some(({ surface, place }) => surface === 'graph' && place === 'view'));
      await vscode.commands.executeCommand('headwater.showGraph', 'model.shop.orders');
      await until('the other node', () => api.pictures.some(({ place, node }) => place === 'view' && node === 'model.shop.orders'));
      assert.equal(api.pictures.filter(({ surface }) => surface === 'graph').length, 1);
    } finally {
      await settings.update('graph.place', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
