import type { WorkerPlatform } from './platform.ts';
import { cacheThroughHost, openThroughHost } from './platform.ts';

declare const self: {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listen: (event: { data: unknown }) => void): void;
};

/** A worker in a browser, which reaches files only through the host. */
export const webPlatform: WorkerPlatform = {
  port: {
    post: (message) => self.postMessage(message),
    listen: (take) => self.addEventListener('message', (event) => take(event.data)),
  },
  openFolder: (host, folder) => openThroughHost(host, folder),
  cache: cacheThroughHost,
  readAsset: (host, name) => host.ask('asset', { name }),
};
