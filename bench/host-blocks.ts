import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../src/extension/start.ts';
import type { Outline, OutlineNode } from '../src/protocol.ts';

/** Where CPU profiles are left, one for each thing that was done; none where it is empty. */
const profiles = process.env.HEADWATER_PROFILES ?? '';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The time that this thread was on a processor; where others use the machine too, the clock on the wall tells of them. */
const threadFile = `/proc/self/task/${process.pid}/schedstat`;
const onThread = existsSync(threadFile) ? (): number => Number(readFileSync(threadFile, 'utf8').split(' ')[0]) / 1e6 : undefined;

let busiest = 0;

/** Notes the most that the thread worked without letting anything else in. */
function watchThread(): ReturnType<typeof setInterval> | undefined {
  if (onThread === undefined) return undefined;
  let last = onThread();
  return setInterval(() => {
    const now = onThread();
    busiest = Math.max(busiest, now - last);
    last = now;
  }, 5);
}

async function until(what: string, look: () => boolean): Promise<void> {
  const end = Date.now() + 120_000;
  while (!look()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

/** Works in a large project as a person would, inside the extension host, and prints the longest time that each step held it. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Api>('headwater.headwater');
  if (extension === undefined) throw new Error('the extension is not there');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  const api = await extension.activate();
  api.loop.start();
  const watching = watchThread();
  const session = new Session();
  session.connect();
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await sleep(200);
    api.loop.take();
    busiest = 0;
    if (profiles !== '') {
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 500 });
      await session.post('Profiler.start');
      api.loop.take();
      busiest = 0;
    }
    const started = performance.now();
    await work();
    const took = performance.now() - started;
    // What follows from it, such as the trees and diagnostics of a new state.
    await sleep(1000);
    const longest = api.loop.take();
    const worked = onThread === undefined ? '' : busiest.toFixed(1);
    if (profiles !== '') {
      const { profile } = await session.post('Profiler.stop');
      mkdirSync(profiles, { recursive: true });
      writeFileSync(path.join(profiles, `${name.replace(/\W+/g, '-')}.cpuprofile`), JSON.stringify(profile));
    }
    console.log(`host block: ${name} | ${worked} | ${longest.toFixed(1)} | ${took.toFixed(0)}`);
  };
  const outline = (): Outline => {
    const [first] = api.outlines;
    if (first === undefined) throw new Error('no project was found');
    return first;
  };
  const uriOf = (node: OutlineNode): vscode.Uri => vscode.Uri.joinPath(folder.uri, node.path);

  await measure('nothing', () => sleep(1000));
  await measure('open', () => api.ready());
  const models = outline().nodes.filter((node) => node.kind === 'model');
  const middle = models[Math.floor(models.length / 2)];
  const last = models.at(-1);
  if (middle === undefined || last === undefined) throw new Error('the project has no models');
  await measure('side bar', () => Promise.resolve(vscode.commands.executeCommand('headwater.lineage.focus')));
  await measure('project tree', () => Promise.resolve(vscode.commands.executeCommand('headwater.project.focus')));
  const document = await vscode.workspace.openTextDocument(uriOf(middle));
  const editor = await vscode.window.showTextDocument(document);
  const changed = async (work: () => Promise<unknown>): Promise<void> => {
    const { revision } = outline();
    await work();
    await until('the new state', () => outline().revision !== revision);
  };
  await measure('key', () => changed(async () => editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '-- a\n'))));
  await measure('save', () =>
    changed(async () => {
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '-- b\n'));
      await document.save();
    }),
  );
  const words = [...document.getText().matchAll(/\b[a-z]+_\d+\b/g)].slice(0, 10).map((match) => document.positionAt(match.index + 1));
  const ask = (command: string) => async (): Promise<void> => {
    for (const position of words) await vscode.commands.executeCommand(command, document.uri, position);
  };
  await measure('hover', ask('vscode.executeHoverProvider'));
  await measure('completion', ask('vscode.executeCompletionItemProvider'));
  await measure('definition', ask('vscode.executeDefinitionProvider'));
  await measure('preview', () => Promise.resolve(vscode.commands.executeCommand('headwater.preview', middle.id)));
  await measure('graph', async () => {
    await vscode.commands.executeCommand('headwater.showGraph', middle.id);
    await sleep(2000);
  });
  await measure('ERD', async () => {
    await vscode.commands.executeCommand('headwater.showErd', middle.id);
    await sleep(2000);
  });
  await measure('symbols', () => Promise.resolve(vscode.commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'amount')));
  await measure('test listing', async () => {
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    await sleep(3000);
  });
  await measure('tests of a model', () => Promise.resolve(vscode.commands.executeCommand('headwater.runTests', middle.id)));
  await measure('save with tests listed', () =>
    changed(async () => {
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '-- c\n'));
      await document.save();
    }),
  );
  if (api.failures.length > 0) throw new Error(api.failures.join('\n'));
  api.loop.stop();
  clearInterval(watching);
}
