import type { WorkerPlatform } from './platform.ts';
import { cacheThroughHost, openThroughHost } from './platform.ts';

declare const self: {
  readonly location: { readonly href: string };
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
  startEngine: () => {
    // This very code again, told beforehand that it is an engine.
    const code = `self.headwaterWorker = 'engine';\nimportScripts(${JSON.stringify(self.location.href)});\n`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    return {
      port: {
        post: (message) => worker.postMessage(message),
        listen: (take) => worker.addEventListener('message', (event) => take(event.data)),
      },
      onDied: (listener) => worker.addEventListener('error', (event) => listener(event.message || 'it could not be started')),
      end: () => worker.terminate(),
    };
  },
};
