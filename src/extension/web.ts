import type { ExtensionContext } from 'vscode';
import { Uri, workspace } from 'vscode';
import type { Platform, RunningWorker } from './platform.ts';
import { workerFile } from './platform.ts';
import type { Api } from './start.ts';
import { start } from './start.ts';

/** The entry in the browser's extension host, which has no disk: workers get every file from the host. */
export function activate(context: ExtensionContext): Api {
  const platform: Platform = {
    startWorker: async (name) => {
      const folder = Uri.joinPath(context.extensionUri, 'dist', ...(name === 'layout' ? [] : ['web']));
      const code = await workspace.fs.readFile(Uri.joinPath(folder, workerFile(name)));
      return runInBrowser(name, code);
    },
    diskPath: () => undefined,
    readAsset: async (name) => readPacked(Uri.joinPath(context.extensionUri, 'dist'), name),
  };
  return start(context, platform);
}

/** A file that ships with the extension; large ones lie there as `.gz`, which the browser unpacks. */
async function readPacked(folder: Uri, name: string): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(Uri.joinPath(folder, name));
  } catch {
    const packed = await workspace.fs.readFile(Uri.joinPath(folder, `${name}.gz`));
    const stream = new Blob([new Uint8Array(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
}

function runInBrowser(name: string, code: Uint8Array): RunningWorker {
  // The host's own origin is opaque, so a worker can only be started from a blob; the host loads it later, so it is never revoked.
  // It changes the names of workers too, so what a worker is for is told in its code.
  const parts = [`self.headwaterWorker ??= ${JSON.stringify(name)};\n`, new Uint8Array(code)];
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }));
  const worker = new Worker(url, { name: `headwater-${name}` });
  return {
    port: {
      post: (message) => worker.postMessage(message),
      listen: (take) => worker.addEventListener('message', (event) => take(event.data)),
    },
    onDied: (listener) => worker.addEventListener('error', (event) => listener(event.message || 'it could not be started')),
    end: () => worker.terminate(),
  };
}
