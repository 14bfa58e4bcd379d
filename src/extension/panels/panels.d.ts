import type { Disposable, Uri } from 'vscode';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';

type PictureSurface = 'graph' | 'erd';
/** The graph and the ERD beside the editor: one panel of each for a project, kept up with every new state of it. */
export declare class Panels implements Disposable {
  #private;
  private readonly extension;
  private readonly workspace;
  private readonly analysis;
  private readonly edge;
  constructor(extension: Uri, workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge);
  /** Opens the surface about a node, or turns an open one to it. */
  show(surface: PictureSurface, { outline, node }: Found): void;
  dispose(): void;
}
