import type { Call, Calls, Handlers, Wire } from '../../src/wire.ts';
import { connect } from '../../src/wire.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** What every surface can tell the host: a bug of ours that nothing caught. */
type FailureCalls = { readonly failed: Call<{ readonly message: string; readonly stack: string }, void> };

/** Joins a surface to the extension host and reports what nothing caught. Called once, at the start of a surface's `main.ts`. */
export function connectHost<Theirs extends Calls & FailureCalls, Ours extends Calls>(ours: Handlers<Ours>): Wire<Theirs> {
  const wire = connect<Theirs, Ours>(
    {
      post: (message) => api.postMessage(message),
      listen: (take) => window.addEventListener('message', (event) => take(event.data)),
    },
    ours,
  );
  const report = (error: unknown): void => {
    if (error instanceof Error && error.name === 'AbortError') return;
    const failure = error instanceof Error ? error : new Error(String(error));
    void wire.ask('failed', { message: failure.message, stack: failure.stack ?? '' } as Theirs['failed']['ask']);
  };
  window.addEventListener('error', (event) => report(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => report(event.reason));
  return wire;
}

/** What the surface left behind when it was last hidden or the window reloaded. */
export function recall<State>(): State | undefined {
  return api.getState() as State | undefined;
}

/** Keeps small state (never rows) for the next time the surface is drawn. */
export function remember<State>(state: State): void {
  api.setState(state);
}

/** The value the host wrote into the page, such as which project this surface shows. */
export function pageData(name: string): string {
  return document.body.dataset[name] ?? '';
}

/** The project that this surface shows. */
export function shownProject(): { readonly folder: string; readonly root: string } {
  return { folder: pageData('folder'), root: pageData('root') };
}
