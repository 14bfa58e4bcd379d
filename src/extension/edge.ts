import type { CancellationToken, LogOutputChannel } from 'vscode';
import { l10n, window } from 'vscode';
import { isAbort, WireError } from '../wire.ts';
import { toNotification } from './markdown.ts';

/** The one place where what nobody caught ends: every command, provider and event passes through it. */
export class Edge {
  /** What was caught since activation; tests hold it empty. */
  readonly failures: string[] = [];

  constructor(private readonly log: LogOutputChannel) {}

  /** Runs a provider: a failure goes to the log and answers undefined, because an editor asks again at the next key. */
  async provide<Answer>(
    what: string,
    run: (signal: AbortSignal) => Promise<Answer>,
    token?: CancellationToken,
  ): Promise<Answer | undefined> {
    try {
      return await run(toSignal(token));
    } catch (error) {
      if (!isAbort(error)) this.record(what, error);
      return undefined;
    }
  }

  /** Runs what the user asked for: a failure goes to the log and is shown in one line. */
  async perform<Answer>(what: string, run: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await run();
    } catch (error) {
      if (isAbort(error)) return undefined;
      if (error instanceof Refusal) {
        void window.showInformationMessage(toNotification(`Headwater: ${error.message}`));
        return undefined;
      }
      if (error instanceof WireError && error.isGone) {
        this.log.warn(`${what}: ${error.message}`);
        return undefined;
      }
      this.record(what, error);
      const message = error instanceof Error ? error.message : String(error);
      const showLog = l10n.t('Show Log');
      void window.showErrorMessage(toNotification(`Headwater: ${message}`), showLog).then((chosen) => {
        if (chosen === showLog) this.log.show();
      });
      return undefined;
    }
  }

  record(what: string, error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.failures.push(`${what}: ${failure.message}`);
    this.log.error(`${what}: ${failure.stack ?? failure.message}`);
    if (failure instanceof WireError && failure.remoteStack !== undefined) this.log.error(failure.remoteStack);
  }
}

/** A sentence for the user about something they asked for that cannot be had: shown as it is, and no bug of ours. */
export class Refusal extends Error {}

function toSignal(token: CancellationToken | undefined): AbortSignal {
  const abort = new AbortController();
  if (token?.isCancellationRequested) abort.abort();
  token?.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
