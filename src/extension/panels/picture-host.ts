import { commands, workspace as editor, env, Uri, ViewColumn, window } from 'vscode';
import { toProjectView } from '../../core/layout/picture.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type {
  AnalysisCalls,
  ErdHostCalls,
  GraphHostCalls,
  LastResults,
  PanelCalls,
  PanelHostCalls,
  PreviewCalls,
  ProjectKey,
} from '../../protocol.ts';
import type { Handlers, Wire } from '../../wire.ts';
import type { Edge } from '../edge.ts';
import type { Layouts } from '../layouts.ts';
import { toRange } from '../range.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import type { ErdPlaces } from './erd-places.ts';
import type { Place } from './place.ts';

export type PictureSurface = 'graph' | 'erd';

/** A picture that is open somewhere. */
export interface OpenPicture {
  readonly surface: PictureSurface;
  readonly place: Place;
  readonly wire: Wire<PanelCalls>;
  project: ProjectKey;
  /** What the picture is about when its page asks for one without a view. */
  node: string;
  /** Of an ERD: the state of the project whose values have been counted. */
  counted: number | undefined;
  /** Whether its page begins with the whole project. */
  readonly isWhole: boolean;
  /** The column of its node to point at once the page has its picture. */
  column: string | undefined;
}

/** The questions about previews that pictures ask. */
interface PreviewAsker {
  ask<Type extends 'counts' | 'erdPicture' | 'erdExport'>(
    type: Type,
    ask: PreviewCalls[Type]['ask'],
    signal?: AbortSignal,
  ): Promise<PreviewCalls[Type]['answer']>;
}

/** What pictures are answered from. */
export interface PictureSources {
  readonly workspace: Workspace;
  readonly analysis: WorkerClient<AnalysisCalls>;
  readonly previews: PreviewAsker;
  readonly layouts: Layouts;
  readonly edge: Edge;
  readonly erdPlaces: ErdPlaces;
  lastResults(project: ProjectKey): LastResults;
}

/** Answers the pages of pictures: what they show, and what is done from them. */
export class PictureHost {
  /** The node that a picture sent the editor to: the editor's answer to that is no news for the picture. */
  sentTo = '';

  constructor(
    private readonly sources: PictureSources,
    private readonly show: (surface: PictureSurface, found: Found) => void,
  ) {}

  graph(open: () => OpenPicture): Handlers<GraphHostCalls> {
    const { analysis, previews, lastResults, edge } = this.sources;
    return {
      ...this.#shared(open),
      picture: async ({ view: asked, standing }, signal) => {
        const { project, node, isWhole } = open();
        const view = asked ?? (isWhole ? toProjectView() : undefined);
        const answer = await analysis.ask('graphPicture', { project, node, view, standing, results: lastResults(project) }, signal);
        // The page can point at a column once it has the picture that holds it.
        setTimeout(() => void edge.provide('pointing at a column', () => pointAtColumn(open())));
        return answer;
      },
      filter: ({ text }, signal) => analysis.ask('graphFilter', { project: open().project, text }, signal),
      export: async ({ view, format }) => {
        const made = await analysis.ask('graphExport', { project: open().project, view, format });
        return this.#save(made.name, made.content);
      },
      selected: ({ node }) => this.#revealFile(open(), node),
      countRows: ({ node }, signal) => previews.ask('counts', { project: open().project, node }, signal),
      grain: ({ node }, signal) => analysis.ask('grain', { project: open().project, node }, signal),
      tree: ({ node }) => this.#run('headwater.revealInTree', open(), node),
      test: ({ node }) => this.#run('headwater.runTests', open(), node),
      compile: ({ node }) => this.#run('headwater.showCompiled', open(), node),
      docs: ({ node }) => this.#run('headwater.openDocs', open(), node),
    };
  }

  erd(open: () => OpenPicture): Handlers<ErdHostCalls> {
    const { analysis, previews, workspace, erdPlaces } = this.sources;
    return {
      ...this.#shared(open),
      // As declared at once; what was counted for this state of the project is asked for where it was counted.
      picture: async ({ view, standing, measured, stays }, signal) => {
        const picture = open();
        const { project, node } = picture;
        // What was put somewhere comes last, and so before what merely stands somewhere.
        const places = [...(stays === true ? standing : []), ...(await erdPlaces.of(project))];
        const revision = workspace.find(project)?.revision;
        if (!measured && (revision === undefined || picture.counted !== revision))
          return analysis.ask('erdPicture', { project, node, view, standing, places }, signal);
        const answer = await previews.ask('erdPicture', { project, node, view, standing, places }, signal);
        picture.counted = revision;
        return answer;
      },
      place: ({ places }) => erdPlaces.keep(open().project, places),
      savePlaces: ({ places }) => erdPlaces.save(open().project, places),
      export: async ({ view, format }) => {
        const made = await previews.ask('erdExport', { project: open().project, view, format });
        return this.#save(made.name, made.content);
      },
    };
  }

  #shared(open: () => OpenPicture): Handlers<PanelHostCalls> {
    const { analysis, layouts, workspace, edge } = this.sources;
    return {
      open: ({ node, column }) => this.#openAt(open(), node, column),
      preview: ({ node }) => this.#run('headwater.preview', open(), node),
      columns: ({ node }, signal) => analysis.ask('columns', { project: open().project, node }, signal),
      save: ({ name, content }) => this.#save(name, content),
      layout: (graph, signal) => layouts.ask(graph, signal),
      copy: ({ text }) => Promise.resolve(env.clipboard.writeText(text)),
      reveal: ({ node, surface }) => {
        const found = workspace.findNode(node, open().project);
        if (found !== undefined) this.show(surface, found);
      },
      failed: ({ message, stack }) => edge.record(`${open().surface} panel`, Object.assign(new Error(message), { stack })),
    };
  }

  /** Runs a command on a node of the picture's project, which may share ids with another open one. */
  async #run(command: string, open: OpenPicture, node: string): Promise<void> {
    const found = this.sources.workspace.findNode(node, open.project);
    if (found !== undefined) await commands.executeCommand(command, found);
  }

  /** Opens the file of a node, at the expression of a column where one is written. */
  async #openAt({ project, place: { viewColumn } }: OpenPicture, node: NodeId, column: string | undefined): Promise<void> {
    const { workspace, analysis } = this.sources;
    const found = workspace.findNode(node, project);
    // Macros are no nodes of the outline: the worker knows where they stand.
    const asked = found === undefined || column !== undefined;
    const place = asked ? await analysis.ask('columnPlace', { project, node, ...(column === undefined ? {} : { column }) }) : undefined;
    if (place === undefined) {
      if (found !== undefined) await commands.executeCommand('headwater.openNode', found);
      return;
    }
    this.sentTo = node;
    // The picture stays in sight: the file opens where the other editors are.
    const beside = otherColumn(viewColumn) ?? (viewColumn === undefined ? ViewColumn.Active : ViewColumn.Beside);
    const uri = workspace.uriOf(project, place.path);
    await window.showTextDocument(uri, { selection: toRange(place), preview: true, viewColumn: beside });
  }

  /** Shows the file of a node that was pressed in an editor that is in sight already; the keyboard stays with the picture. */
  async #revealFile({ project, place }: OpenPicture, node: NodeId): Promise<void> {
    const { workspace } = this.sources;
    const viewColumn = otherColumn(place.viewColumn);
    const found = workspace.findNode(node, project);
    if (viewColumn === undefined || found === undefined || found.node.path === '') return;
    if (!editor.getConfiguration('headwater').get('graph.revealSelection', true)) return;
    this.sentTo = node;
    const { line, path } = found.node;
    const selection = toRange({ start: { line, column: 1 }, end: { line, column: 1 } });
    const uri = workspace.uriOf(project, path);
    const isShown = window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
    if (!isShown) await window.showTextDocument(uri, { selection, preview: true, preserveFocus: true, viewColumn });
  }

  async #save(name: string, content: string | Uint8Array): Promise<string | undefined> {
    const folder = editor.workspaceFolders?.[0]?.uri;
    const target = await window.showSaveDialog(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) });
    if (target === undefined) return undefined;
    await editor.fs.writeFile(target, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return target.path.split('/').at(-1);
  }
}

async function pointAtColumn(open: OpenPicture): Promise<void> {
  const { node, column } = open;
  open.column = undefined;
  if (column !== undefined) await open.wire.ask('focus', { node: node as NodeId, column });
}

/** The group of an editor in sight that is not the picture's own. */
function otherColumn(own: ViewColumn | undefined): ViewColumn | undefined {
  return window.visibleTextEditors.find((candidate) => candidate.viewColumn !== undefined && candidate.viewColumn !== own)?.viewColumn;
}
