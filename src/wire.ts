/** What is asked and what is answered. */
export interface Call<Ask, Answer> {
  readonly ask: Ask;
  readonly answer: Answer;
}

/** The calls one side answers, by name. */
export type Calls = Record<string, Call<unknown, unknown>>;

/** One function per call; the signal aborts when the asker no longer wants the answer. */
export type Handlers<Ours extends Calls> = {
  readonly [Type in keyof Ours]: (ask: Ours[Type]['ask'], signal: AbortSignal) => Promise<Ours[Type]['answer']> | Ours[Type]['answer'];
};

/** One end of a channel that carries structured clones: a worker, its parent, a webview. */
export interface Port {
  post(message: unknown): void;
  listen(take: (message: unknown) => void): void;
}

/** One of several conversations over one port; the other side opens it by the same name. */
export function channelOf(port: Port, name: string): Port {
  return {
    post: (message) => port.post({ channel: name, message }),
    listen: (take) =>
      port.listen((envelope) => {
        const { channel, message } = envelope as { readonly channel?: string; readonly message: unknown };
        if (channel === name) take(message);
      }),
  };
}

/** Asks the other side; rejects with an `AbortError` when cancelled, with a `WireError` when the other side failed or went away. */
export interface Wire<Theirs extends Calls> {
  ask<Type extends keyof Theirs & string>(type: Type, ask: Theirs[Type]['ask'], signal?: AbortSignal): Promise<Theirs[Type]['answer']>;
  /** Ends every call under way, such as when the worker died. */
  close(reason: string): void;
}

/** The other side failed: the message is fit to be shown, the stack goes to the log. */
export class WireError extends Error {
  constructor(
    message: string,
    readonly remoteStack?: string,
    /** Whether the other side is gone, which whoever watches it says once for all calls. */
    readonly isGone = false,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** What crosses a port. */
type Envelope =
  | { readonly kind: 'ask'; readonly id: number; readonly type: string; readonly ask: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack?: string; readonly cancelled: boolean }
  | { readonly kind: 'cancel'; readonly id: number };

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** Whether an error says that the work was cancelled rather than that it failed. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Joins two sides over a port: answers the other side's calls with `ours` and returns what asks it. */
export function connect<Theirs extends Calls, Ours extends Calls>(port: Port, ours: Handlers<Ours>): Wire<Theirs> {
  const pending = new Map<number, Pending>();
  const running = new Map<number, AbortController>();
  let next = 1;
  let closed: string | undefined;

  async function answer(id: number, type: string, ask: unknown): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const handler = (ours as Record<string, ((ask: unknown, signal: AbortSignal) => unknown) | undefined>)[type];
      if (handler === undefined) throw new Error(`nothing answers '${type}'`);
      const result = await handler(ask, abort.signal);
      abort.signal.throwIfAborted();
      port.post({ kind: 'answer', id, answer: result } satisfies Envelope);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const stack = failure.stack === undefined ? {} : { stack: failure.stack };
      port.post({ kind: 'failed', id, message: failure.message, ...stack, cancelled: isAbort(failure) } satisfies Envelope);
    } finally {
      running.delete(id);
    }
  }

  port.listen((message) => {
    if (typeof message !== 'object' || message === null) return;
    const envelope = message as Envelope;
    if (envelope.kind === 'ask') void answer(envelope.id, envelope.type, envelope.ask);
    else if (envelope.kind === 'cancel') running.get(envelope.id)?.abort();
    else if (envelope.kind === 'answer') settle(envelope.id)?.resolve(envelope.answer as never);
    else if (envelope.kind === 'failed') settle(envelope.id)?.reject(toError(envelope));
  });

  function settle(id: number): Pending | undefined {
    const call = pending.get(id);
    pending.delete(id);
    return call;
  }

  return {
    ask(type, ask, signal) {
      if (closed !== undefined) return Promise.reject(new WireError(closed, undefined, true));
      if (signal?.aborted) return Promise.reject(abortError());
      const id = next++;
      return new Promise((resolve, reject) => {
        const cancel = (): void => {
          if (settle(id) === undefined) return;
          port.post({ kind: 'cancel', id } satisfies Envelope);
          reject(abortError());
        };
        const done = (): void => signal?.removeEventListener('abort', cancel);
        pending.set(id, {
          resolve: (value) => {
            done();
            resolve(value);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        signal?.addEventListener('abort', cancel);
        port.post({ kind: 'ask', id, type, ask } satisfies Envelope);
      });
    },
    close(reason) {
      closed = reason;
      for (const abort of running.values()) abort.abort();
      for (const call of pending.values()) call.reject(new WireError(reason, undefined, true));
      pending.clear();
    },
  };
}

function toError(failed: { readonly message: string; readonly stack?: string; readonly cancelled: boolean }): Error {
  return failed.cancelled ? abortError() : new WireError(failed.message, failed.stack);
}

function abortError(): Error {
  const error = new Error('cancelled');
  error.name = 'AbortError';
  return error;
}
