import { parentPort } from 'node:worker_threads';
import { readAsset } from '../disk/asset.ts';
import { Disk } from '../disk/disk.ts';
import type { WorkerPlatform } from './platform.ts';
import { openThroughHost } from './platform.ts';

/** A worker on a thread of Node. */
export const nodePlatform: WorkerPlatform = {
  port: {
    post: (message) => parentPort?.postMessage(message),
    listen: (take) => void parentPort?.on('message', take),
  },
  openFolder: (host, folder, disk) => (disk === undefined ? openThroughHost(host, folder) : new Disk(disk)),
  readAsset: (_, name) => readAsset(__dirname, name),
};
