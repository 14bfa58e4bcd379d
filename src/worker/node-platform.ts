import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, Worker } from 'node:worker_threads';
import type { CacheStore } from '../core/text/files.ts';
import { readAsset } from '../disk/asset.ts';
import { Disk } from '../disk/disk.ts';
import { DiskCache } from '../disk/disk-cache.ts';
import type { WorkerHostCalls } from '../protocol.ts';
import type { Wire } from '../wire.ts';
import type { WorkerPlatform } from './platform.ts';
import { cacheThroughHost, openThroughHost } from './platform.ts';

/** A worker on a thread of Node. */
export const nodePlatform: WorkerPlatform = {
  port: {
    post: (message) => parentPort?.postMessage(message),
    listen: (take) => void parentPort?.on('message', take),
  },
  openFolder: (host, folder, disk) => (disk === undefined ? openThroughHost(host, folder) : new Disk(disk)),
  cache: cacheOnDisk,
  giveBack: () => collectGarbage(),
  startEngine: () => {
    const worker = new Worker(__filename, {
      name: 'engine',
      workerData: { name: 'engine' },
      resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 4096 },
    });
    let reason = '';
    worker.on('error', (error) => {
      reason = error.message;
    });
    return {
      port: { post: (message) => worker.postMessage(message), listen: (take) => void worker.on('message', take) },
      onDied: (listener) => void worker.on('exit', (code) => listener(reason || `exit code ${code}`)),
      end: () => void worker.terminate(),
    };
  },
  readAsset: (_, name) => readAsset(__dirname, name),
};

let collect: (() => void) | undefined;

/** A thread keeps what it once needed for as long as nobody asks: after opening a large project that is several times what it holds. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

/** The caches of large projects are tens of megabytes: the extension host would be held for as long as it takes to hand them over. */
function cacheOnDisk(host: () => Wire<WorkerHostCalls>): CacheStore {
  let opened: Promise<CacheStore> | undefined;
  const open = (): Promise<CacheStore> => {
    opened ??= host()
      .ask('cacheFolder', undefined)
      .then((folder) => (folder === undefined ? cacheThroughHost(host) : new DiskCache(folder)));
    return opened;
  };
  return { read: async (name) => (await open()).read(name), write: async (name, bytes) => (await open()).write(name, bytes) };
}
