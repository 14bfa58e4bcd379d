import type { CacheStore, FileSystem } from '../core/text/files.ts';
import type { WorkerHostCalls } from '../protocol.ts';
import type { Port, Wire } from '../wire.ts';
import type { EngineThread } from './remote-engine.ts';

/** What differs between a worker on a thread of Node and one in a browser. */
export interface WorkerPlatform {
  readonly port: Port;
  /** The files of a folder: from the disk where there is one, else through the host. */
  openFolder(host: Wire<WorkerHostCalls>, folder: string, disk: string | undefined): FileSystem;
  /** Where what is worked out is kept for the next start. */
  cache(host: () => Wire<WorkerHostCalls>): CacheStore;
  /** A thread for an engine, where threads can start others. */
  startEngine?(): EngineThread;
  /** Gives back the memory of what was left over by much work; absent where that cannot be asked for. */
  giveBack?(): void;
  /** A binary file that ships beside the bundles. */
  readAsset(host: Wire<WorkerHostCalls>, name: string): Promise<Uint8Array>;
}

/** The extension's storage where only the extension host reaches it. */
export function cacheThroughHost(host: () => Wire<WorkerHostCalls>): CacheStore {
  return {
    read: (name) => host().ask('readCache', { name }),
    write: (name, bytes) => host().ask('writeCache', { name, bytes }),
  };
}

/** A folder that only the extension host can reach. */
export function openThroughHost(host: Wire<WorkerHostCalls>, folder: string): FileSystem {
  return {
    list: () => host.ask('list', { folder }),
    read: (path) => host.ask('read', { folder, path }),
    stat: (path) => host.ask('stat', { folder, path }),
  };
}
