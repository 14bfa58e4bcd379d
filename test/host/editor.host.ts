import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension/start.ts';

const uriOf = (path: string): vscode.Uri => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the tests run on a folder');
  return vscode.Uri.joinPath(first.uri, path);
};

const marts = 'models/marts/customers.sql';
const scratch = 'models/marts/scratch_for_editor.sql';

async function open(path: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(uriOf(path));
}

/** The position of a piece of a text, a little into it. */
function find(document: vscode.TextDocument, piece: string, into = 1): vscode.Position {
  const at = document.getText().indexOf(piece);
  assert.notEqual(at, -1, `'${piece}' is in the document`);
  return document.positionAt(at + into);
}

async function until<Found>(what: string, look: () => Promise<Found | undefined | false>): Promise<Found> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function actionsAt(document: vscode.TextDocument, piece: string): Promise<vscode.CodeAction[]> {
  const at = find(document, piece);
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, new vscode.Range(at, at));
}

describe('Language features in the extension host', () => {
  let api: Api;

  before(async () => {
    const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
    assert.ok(extension, 'the extension is installed');
    api = await extension.activate();
    await api.ready();
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uriOf(scratch)).then(undefined, () => undefined);
    assert.deepEqual(api.failures, [], 'nothing failed behind the scenes');
  });

  it('shows lenses above a model and its CTE, and none that are turned off', async () => {
    const titles = async (): Promise<string[]> => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uriOf(marts), 50);
      return lenses.map((lens) => `${lens.range.start.line}: ${lens.command?.title}`);
    };
    await open(marts);
    const all = await titles();
    for (const wanted of ['0: Preview', '0: Count CTE rows', '2: Preview orders', '0: Lineage (2 → 0)', '2: 3 columns · reads stg_orders'])
      assert.ok(all.includes(wanted), `${wanted} in ${all.join(' | ')}`);
    const settings = vscode.workspace.getConfiguration('headwater');
    await settings.update('codeLens.preview', false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.ok(!(await titles()).some((title) => title.includes('Preview')));
    } finally {
      await settings.update('codeLens.preview', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('folds CTEs', async () => {
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uriOf(marts));
    assert.ok(
      ranges.some((range) => range.start === 0 && range.end === 8),
      JSON.stringify(ranges),
    );
  });

  it('tells names apart by semantic tokens', async () => {
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      uriOf(marts),
    );
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uriOf(marts));
    const [line, character, length, type, modifiers] = tokens.data;
    assert.deepEqual([line, character, length, legend.tokenTypes[type ?? -1], modifiers], [0, 5, 'orders'.length, 'cte', 1]);
  });

  it('names the columns behind ordinals and stars', async () => {
    await vscode.workspace.fs.writeFile(
      uriOf(scratch),
      new TextEncoder().encode("select country, count(*) as n\nfrom (select * from {{ ref('stg_customers') }}) as c\ngroup by 1\n"),
    );
    const document = await open(scratch);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await until('hints', async () => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
      return found.length > 0 && found;
    });
    assert.deepEqual(
      hints.map((hint) => hint.label),
      ['4 columns', 'country'],
    );
    assert.equal(hints[0]?.textEdits?.[0]?.newText, 'customer_id, customer_name, country, signed_up_on');
  });

  it('reports what the rules about rows find in an open file, with a page and ways to mend it', async () => {
    const sql = (where: string): string =>
      `select c.customer_id, o.order_id\nfrom {{ ref('stg_customers') }} c\nleft join {{ ref('stg_orders') }} o on o.customer_id = c.customer_id${where}\n`;
    const written = async (text: string): Promise<void> => vscode.workspace.fs.writeFile(uriOf(scratch), new TextEncoder().encode(text));
    await written(sql('\nwhere o.order_id > 1'));
    const document = await open(scratch);
    await vscode.window.showTextDocument(document);
    const finding = await until('the finding', async () =>
      vscode.languages.getDiagnostics(document.uri).find(({ code }) => typeof code === 'object' && code.value === 'outer-join-filtered'),
    );
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(document.getText(finding.range), 'o.order_id > 1');
    assert.ok(typeof finding.code === 'object' && finding.code.target.toString().startsWith('command:headwater.showRule'));
    const actions = await actionsAt(document, 'o.order_id > 1');
    const titles = actions.map(({ title }) => title);
    assert.ok(titles.includes('Ignore outer-join-filtered here…'), titles.join(' | '));
    const move = actions.find(({ title }) => title === 'Move the condition into the join');
    assert.ok(move?.edit, titles.join(' | '));
    assert.ok(await vscode.workspace.applyEdit(move.edit));
    assert.equal(document.getText(), sql(' and o.order_id > 1'));
    await until('the finding to go', async () =>
      vscode.languages.getDiagnostics(document.uri).every(({ code }) => typeof code !== 'object' || code.value !== 'outer-join-filtered'),
    );
    await document.save();
  });

  it('lists the callers and callees of a model', async () => {
    const document = await open('models/staging/stg_customers.sql');
    const [item] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
      'vscode.prepareCallHierarchy',
      document.uri,
      new vscode.Position(0, 0),
    );
    assert.equal(item?.name, 'stg_customers');
    const callers = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', item);
    assert.ok(callers.some((call) => call.from.name === 'customers' && call.fromRanges.length === 1));
    const callees = await vscode.commands.executeCommand<vscode.CallHierarchyOutgoingCall[]>('vscode.provideOutgoingCalls', item);
    assert.deepEqual(
      callees.map((call) => call.to.name),
      ['raw_customers'],
    );
  });

  it('leads from a column to the one that it is made from', async () => {
    const document = await open(marts);
    const [item] = await vscode.commands.executeCommand<vscode.TypeHierarchyItem[]>(
      'vscode.prepareTypeHierarchy',
      document.uri,
      find(document, 'as revenue\nfrom', 4),
    );
    assert.equal(item?.name, 'customers.revenue');
    const above = await vscode.commands.executeCommand<vscode.TypeHierarchyItem[]>('vscode.provideSupertypes', item);
    assert.deepEqual(
      above.map((column) => column.name),
      ['stg_orders.amount'],
    );
  });

  it('finds models and columns by name', async () => {
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'signed_up');
    assert.ok(found.some((symbol) => symbol.name === 'signed_up_on' && symbol.containerName === 'stg_customers'));
  });

  it('mends a misspelt column by a quick fix of its problem, and undoes it in one step', async () => {
    const document = await open(scratch);
    const editor = await vscode.window.showTextDocument(document);
    const text = "select c.contry from {{ ref('stg_customers') }} as c\n";
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), text));
    await until('the problem', async () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .some((one) => one.code === 'column-unknown' && document.getText(one.range) === 'contry'),
    );
    const action = (await actionsAt(document, 'contry')).find((one) => one.title === "Change to 'country'");
    assert.ok(action?.edit, 'the fix is offered');
    assert.equal(action.isPreferred, true);
    await vscode.workspace.applyEdit(action.edit);
    assert.equal(document.getText(), text.replace('contry', 'country'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('extracts a CTE to a new file', async () => {
    const document = await open(marts);
    const action = (await actionsAt(document, 'orders as (')).find((one) => one.kind?.value.startsWith('refactor.extract'));
    assert.equal(action?.title, "Extract the CTE 'orders' to a model");
    const entries = action?.edit?.entries().map(([uri]) => uri.path.split('/').at(-1));
    assert.deepEqual(entries, ['customers.sql']);
    assert.equal(action?.disabled, undefined);
  });

  it('keeps a renaming of a column within its models', async () => {
    const document = await open('models/staging/stg_customers.sql');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      find(document, 'customer_name'),
      'full_name',
    );
    const files = edit.entries().map(([uri]) => uri.path.split('/').at(-1));
    assert.ok(files.includes('customers.sql') && files.includes('stg_customers.sql'), files.join());
  });

  it('follows the cursor: its CTE, then the model, keys that follow each other, and a text that has no rows', async () => {
    const settings = vscode.workspace.getConfiguration('headwater');
    const live = () => api.results.tabs.find((tab) => tab.live !== undefined);
    const document = await open(marts);
    const editor = await vscode.window.showTextDocument(document);
    const put = (piece: string): void => {
      const at = find(document, piece, 0);
      editor.selection = new vscode.Selection(at, at);
    };
    const original = document.getText();
    try {
      put('count(*)');
      await settings.update('followCursor', true, vscode.ConfigurationTarget.Global);
      const ofCte = await until(
        'the rows of the CTE',
        async () => live()?.title === 'customers · orders' && live()?.state === 'rows' && live(),
      );
      assert.deepEqual(
        ofCte.columns.map(({ name }) => name),
        ['customer_id', 'order_count', 'revenue'],
      );
      put('c.country');
      await until('the rows of the model', async () => live()?.title === 'customers' && live()?.columns.length === 5);
      await until(
        'the rows of each step',
        async () =>
          live()
            ?.live?.counts?.map(({ cte }) => cte)
            .join() === 'orders,customers',
      );
      const { version, rowCount } = live() ?? assert.fail();
      put('coalesce(orders.revenue');
      for (const key of 'c.customer_id + 0 as one, ') await editor.edit((edit) => edit.insert(editor.selection.active, key));
      await until('the column that was typed', async () =>
        live()
          ?.columns.map(({ name }) => name)
          .includes('one'),
      );
      assert.notEqual(live()?.version, version);
      await editor.edit((edit) => edit.insert(editor.selection.active, 'nothing_of_this_name, '));
      const broken = await until('the problem', async () => live()?.live?.problem);
      assert.match(broken.message, /nothing_of_this_name/);
      assert.equal(live()?.state, 'rows');
      assert.equal(live()?.rowCount, rowCount);
    } finally {
      await settings.update('followCursor', undefined, vscode.ConfigurationTarget.Global);
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      await editor.edit((edit) => edit.replace(whole, original));
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });
});
