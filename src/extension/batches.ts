import type { Disposable, Event, Memento, QuickPickItem } from 'vscode';
import { EventEmitter, l10n, StatusBarAlignment, window } from 'vscode';
import type { Outline, ProjectKey } from '../protocol.ts';
import { Refusal } from './edge.ts';
import type { Workspace } from './workspace.ts';

/** The data batch that each project is looked at in: kept with the workspace, shown in the status bar, changed by a command. */
export class Batches implements Disposable {
  readonly #changed = new EventEmitter<ProjectKey>();
  readonly onDidChange: Event<ProjectKey> = this.#changed.event;
  readonly #item = window.createStatusBarItem('headwater.batch', StatusBarAlignment.Right, 90);
  readonly #listening: readonly Disposable[];

  constructor(
    private readonly workspace: Workspace,
    private readonly state: Memento,
  ) {
    this.#item.name = l10n.t('Headwater: Data Batch');
    this.#item.command = 'headwater.switchBatch';
    this.#listening = [workspace.onDidChange(() => this.#show()), window.onDidChangeActiveTextEditor(() => this.#show())];
  }

  /** The batch that is looked at, by its name; undefined where a project has none or stands at the first. */
  current(key: ProjectKey): string | undefined {
    const outline = this.workspace.find(key);
    const kept = this.state.get<string>(toKey(key));
    return kept !== undefined && outline?.batches.includes(kept) ? kept : undefined;
  }

  /** Lets the user choose a batch of the project at hand, or takes the one that is named. */
  async switch(given: unknown): Promise<void> {
    await this.workspace.ready();
    const outline = this.#outline();
    if (outline === undefined)
      throw new Refusal(l10n.t("No project here lists data batches: they stand in headwater.yml, under 'batches'."));
    const now = this.current(outline.key) ?? outline.batches[0];
    const items = outline.batches.map(
      (name): QuickPickItem => ({
        label: name,
        description: name === now ? l10n.t('shown now') : '',
      }),
    );
    const named = typeof given === 'string' ? outline.batches.find((name) => name === given) : undefined;
    const placeHolder = l10n.t('Show {0} as it is after the run over…', outline.name);
    const picked = named ?? (await window.showQuickPick(items, { placeHolder }))?.label;
    if (picked === undefined || picked === now) return;
    await this.state.update(toKey(outline.key), picked);
    this.#show();
    this.#changed.fire(outline.key);
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
    this.#item.dispose();
    this.#changed.dispose();
  }

  /** The project of the editor, else the first, of those that have something to choose. */
  #outline(): Outline | undefined {
    const uri = window.activeTextEditor?.document.uri;
    const own = uri === undefined ? undefined : this.workspace.place(uri)?.outline;
    return [own, ...this.workspace.outlines].find((outline) => (outline?.batches.length ?? 0) > 1);
  }

  #show(): void {
    const outline = this.#outline();
    if (outline === undefined) {
      this.#item.hide();
      return;
    }
    const name = this.current(outline.key) ?? outline.batches[0] ?? '';
    this.#item.text = `$(layers) ${name}`;
    this.#item.tooltip = l10n.t('{0}: previews and builds show the data after the batch {1}. Click to switch.', outline.name, name);
    this.#item.show();
  }
}

const toKey = (key: ProjectKey): string => `batch ${key.folder} ${key.root}`;
