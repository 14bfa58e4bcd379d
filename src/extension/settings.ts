import type { Disposable, Uri } from 'vscode';
import { ConfigurationTarget, workspace } from 'vscode';
import type { PreviewSettings, ProjectSettings } from '../protocol.ts';

/** The settings that change how a folder's projects are read. */
export function projectSettings(folder: Uri): ProjectSettings {
  const settings = workspace.getConfiguration('headwater', folder);
  return {
    dialect: settings.get<ProjectSettings['dialect']>('dialect', 'auto'),
    target: settings.get<string>('target', ''),
    vars: toPlain(settings.get<Record<string, unknown>>('vars', {})),
    envVars: toPlain(settings.get<Record<string, string>>('envVars', {})),
  };
}

export function previewSettings(): PreviewSettings {
  const settings = workspace.getConfiguration('headwater');
  return { engine: settings.get<PreviewSettings['engine']>('engine', 'auto'), rowLimit: settings.get<number>('rowLimit', 100_000) };
}

/** A switch of the settings, such as `hover`. */
export function isOn(name: 'hover' | 'diagnostics' | 'completion' | 'followEditor', scope?: Uri): boolean {
  return workspace.getConfiguration('headwater', scope).get<boolean>(name, true);
}

/** Whether what a spreadsheet would run as a formula is made text in copies and exports. */
export function guardsFormulas(): boolean {
  return workspace.getConfiguration('headwater').get<boolean>('guardFormulas', false);
}

/** Whether the results panel follows the cursor. */
export function isFollowing(): boolean {
  return workspace.getConfiguration('headwater').get<boolean>('followCursor', false);
}

/** Turns it on or off, in the user's settings. */
export async function follow(isOn: boolean): Promise<void> {
  await workspace.getConfiguration('headwater').update('followCursor', isOn, ConfigurationTarget.Global);
}

/** Calls back when it is turned on or off. */
export function onFollowing(run: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('headwater.followCursor')) run();
  });
}

/** A switch of what is shown in the text of a file, such as `codeLens.tests`. */
export function editorSwitch(name: string, scope?: Uri): boolean {
  return workspace.getConfiguration('headwater', scope).get<boolean>(name, true);
}

/** Calls back when one of a group of switches, such as `codeLens`, is turned. */
export function onSwitch(group: 'codeLens' | 'inlayHints', run: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`headwater.${group}`)) run();
  });
}

/** The editor hands objects out as proxies, which cannot be sent to a worker. */
function toPlain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
