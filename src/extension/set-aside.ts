import type { Event } from 'vscode';
import { EventEmitter, l10n } from 'vscode';
import type { ProjectKey, ProjectSetAside } from '../protocol.ts';
import type { Ending } from './project-worker.ts';

/** The projects that are not read because the worker hung or crashed over them, until the user asks for another try. */
export class SetAside {
  readonly #projects = new Map<string, { readonly key: ProjectKey; readonly because: string }>();
  #suspect: string | undefined;
  readonly #added = new EventEmitter<ProjectKey>();
  readonly onDidAdd: Event<ProjectKey> = this.#added.event;

  /** Sets the project aside that a worker was at when it ended: after a crash only at the second time, because it may have been chance. */
  blame({ at, isSilent, reason }: Ending): void {
    const name = at && nameOf(at);
    const isAgain = name !== undefined && name === this.#suspect;
    this.#suspect = name;
    if (at === undefined || name === undefined || !(isSilent || isAgain)) return;
    const because = isSilent
      ? l10n.t('Headwater did not answer for 30 seconds while working on it.')
      : l10n.t('Headwater stopped twice while working on it ({0}).', reason);
    this.#projects.set(name, { key: at, because });
    this.#added.fire(at);
  }

  has(key: ProjectKey): boolean {
    return this.#projects.has(nameOf(key));
  }

  /** Those of a folder, as its worker is told. */
  in(folder: string): readonly ProjectSetAside[] {
    return [...this.#projects.values()].flatMap(({ key, because }) => (key.folder === folder ? [{ root: key.root, because }] : []));
  }

  /** Takes projects back; all of them where none is named. */
  release(key?: ProjectKey): void {
    this.#suspect = undefined;
    if (key === undefined) this.#projects.clear();
    else this.#projects.delete(nameOf(key));
  }
}

function nameOf({ folder, root }: ProjectKey): string {
  return `${folder}\n${root}`;
}
