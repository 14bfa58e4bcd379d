import type { Memento } from 'vscode';
import { workspace as editor } from 'vscode';
import { readPlaces, writePlaces } from '../../core/erd/places.ts';
import type { ProjectKey, Standing } from '../../protocol.ts';
import type { Workspace } from '../workspace.ts';

/** The file of a project that holds where its entities stand. */
const fileName = 'headwater-erd.json';

/** Where people put entities: kept with the workspace, and in a file of the project once it was asked for. */
export class ErdPlaces {
  constructor(
    private readonly workspace: Workspace,
    private readonly state: Memento,
  ) {}

  /** The places of a project; those of the workspace come before those of the file. */
  async of(project: ProjectKey): Promise<Standing> {
    const own = this.state.get<Standing>(toKey(project));
    if (own !== undefined) return own;
    try {
      return readPlaces(new TextDecoder().decode(await editor.fs.readFile(this.workspace.uriOf(project, fileName))));
    } catch {
      return [];
    }
  }

  /** Keeps the places of what is shown, beside those of what is not; without any, forgets all, those of the file for this workspace too. */
  async keep(project: ProjectKey, places: Standing): Promise<void> {
    await this.state.update(toKey(project), places.length === 0 ? [] : await this.#together(project, places));
  }

  /** Writes the places into the project's file. */
  async save(project: ProjectKey, places: Standing): Promise<string> {
    const text = writePlaces(await this.#together(project, places));
    await editor.fs.writeFile(this.workspace.uriOf(project, fileName), new TextEncoder().encode(text));
    await this.state.update(toKey(project), undefined);
    return fileName;
  }

  async #together(project: ProjectKey, places: Standing): Promise<Standing> {
    const shown = new Set(places.map(({ id }) => id));
    return [...places, ...(await this.of(project)).filter(({ id }) => !shown.has(id))];
  }
}

function toKey({ folder, root }: ProjectKey): string {
  return `erd.places ${folder} ${root}`;
}
