import type { WorkerHostCalls } from '../protocol.ts';
import type { Calls, Handlers } from '../wire.ts';
import type { Platform, WorkerName } from './platform.ts';
/** A worker that is started when it is first asked, and again when it is asked after its end. */
export declare class WorkerClient<Theirs extends Calls, Ours extends Calls = WorkerHostCalls> {
  #private;
  private readonly platform;
  readonly name: WorkerName;
  private readonly ours;
  private readonly onDied;
  constructor(platform: Platform, name: WorkerName, ours: Handlers<Ours>, onDied: (reason: string) => void);
  ask<Type extends keyof Theirs & string>(type: Type, ask: Theirs[Type]['ask'], signal?: AbortSignal): Promise<Theirs[Type]['answer']>;
  get isRunning(): boolean;
  /** Ends the worker; calls under way fail with the reason, the next one starts it again. */
  end(reason: string): Promise<void>;
}
