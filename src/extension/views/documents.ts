import type { TextDocumentContentProvider } from 'vscode';
import { commands, Disposable, EventEmitter, workspace as editor, Uri, ViewColumn, window } from 'vscode';
import type { NodeId } from '../../core/text/ids.ts';
import type { AnalysisCalls, ProjectKey } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { Previews } from '../previews.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';

const scheme = 'headwater';

type What = 'compiled' | 'translated' | 'docs';

interface Query {
  readonly project: ProjectKey;
  readonly node: NodeId;
  readonly what: What;
}

/** Read-only documents about a node, compiled SQL and documentation, that follow the project while they are open. */
export class Documents implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration: Disposable;

  constructor(
    workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly previews: Previews,
    private readonly edge: Edge,
  ) {
    this.#registration = Disposable.from(
      this.#changed,
      editor.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidChange(() => {
        for (const { uri } of editor.textDocuments) if (uri.scheme === scheme) this.#changed.fire(uri);
      }),
    );
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { project, node, what } = JSON.parse(uri.query) as Query;
    const text = await this.edge.provide('a document', async () => {
      if (what === 'docs') return this.analysis.ask('docs', { project, node });
      if (what === 'translated') return this.previews.translated(project, node);
      const compiled = await this.analysis.ask('compiled', { project, node });
      return compiled.complete ? compiled.sql : this.previews.compiled(project, node);
    });
    return text ?? '';
  }

  async showCompiled({ outline, node }: Found): Promise<void> {
    const uri = toUri('compiled', `${node.name} (compiled).sql`, outline.key, node.id);
    await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, preview: true, preserveFocus: true });
  }

  /** What the engine of a preview runs, in its own SQL. */
  async showTranslated({ outline, node }: Found): Promise<void> {
    const uri = toUri('translated', `${node.name} (in the engine's SQL).sql`, outline.key, node.id);
    await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, preview: true, preserveFocus: true });
  }

  async showDocs({ outline, node }: Found): Promise<void> {
    await commands.executeCommand('markdown.showPreviewToSide', toUri('docs', `${node.name}.md`, outline.key, node.id));
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** The node whose compiled SQL a document shows. */
export function findCompiledNode(uri: Uri): { readonly project: ProjectKey; readonly node: NodeId } | undefined {
  if (uri.scheme !== scheme) return undefined;
  const { project, node, what } = JSON.parse(uri.query) as Query;
  return what === 'compiled' ? { project, node } : undefined;
}

function toUri(what: What, name: string, project: ProjectKey, node: string): Uri {
  return Uri.from({ scheme, path: `/${name}`, query: JSON.stringify({ project, node, what }) });
}
