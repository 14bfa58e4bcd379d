/**
 * How a command that runs in a thread of its own tells the thread that started it what it may cost. Project content decides how much work there
 * is, so that somebody has to be able to end it: a thread that is busy hears nothing, but it can be ended from outside.
 */
export type FromCommand =
  /** Processor seconds that all work outside of engines may take from now on, for a reason that a sentence can give. */
  | { readonly type: 'allow'; readonly seconds: number; readonly work: string }
  /** An engine begins with a statement, which may take so many seconds by the clock. */
  | { readonly type: 'engine'; readonly seconds: number }
  | { readonly type: 'engine-done' }
  /** The command answers lines of standard input one by one, each within so many processor seconds. */
  | { readonly type: 'lines'; readonly seconds: number }
  | { readonly type: 'answer'; readonly text: string };

export type ToCommand = { readonly type: 'line'; readonly text: string } | { readonly type: 'end' };

/** What reading anything may cost before it is known how much there is. */
export const secondsToBegin = 4.5;
/** What one line of a batch may cost. */
export const secondsOfLine = 4;
/** What one statement may cost where `--timeout` says nothing. */
export const secondsOfQuery = 60;
/** The same for a line of a batch, behind which others wait. */
export const secondsOfBatchQuery = 10;

/** What a project may cost: real ones need a few milliseconds a file, so that thrice as much is no project any more. */
export function secondsOfProject(files: number, bytes: number): number {
  return secondsToBegin + files * 0.015 + (bytes / 2 ** 20) * 0.5;
}
