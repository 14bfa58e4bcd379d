import type { CancellationToken, LogOutputChannel } from 'vscode';
/** The one place where what nobody caught ends: every command, provider and event passes through it. */
export declare class Edge {
  private readonly log;
  /** What was caught since activation; tests hold it empty. */
  readonly failures: string[];
  constructor(log: LogOutputChannel);
  /** Runs a provider: a failure goes to the log and answers undefined, because an editor asks again at the next key. */
  provide<Answer>(what: string, run: (signal: AbortSignal) => Promise<Answer>, token?: CancellationToken): Promise<Answer | undefined>;
  /** Runs what the user asked for: a failure goes to the log and is shown in one line. */
  perform<Answer>(what: string, run: () => Promise<Answer>): Promise<Answer | undefined>;
  record(what: string, error: unknown): void;
}
/** A sentence for the user about something they asked for that cannot be had: shown as it is, and no bug of ours. */
export declare class Refusal extends Error {}
