import './elk-in-browser.ts';
import ELK from 'elkjs/lib/elk.bundled.js';
import type { Port } from '../wire.ts';
import { serveLayout } from './elk-layout.ts';
import { webPlatform } from './web-platform.ts';

/** The modules of Node, where there is one: elkjs is large, and this file runs on both sides. */
const node = (
  globalThis as { process?: { getBuiltinModule?(name: string): { parentPort: MessagePortOfNode | null } | undefined } }
).process?.getBuiltinModule?.('node:worker_threads');

interface MessagePortOfNode {
  postMessage(message: unknown): void;
  on(type: 'message', listen: (message: unknown) => void): void;
}

const thread = node?.parentPort ?? undefined;
const port: Port =
  thread === undefined
    ? webPlatform.port
    : { post: (message) => thread.postMessage(message), listen: (take) => thread.on('message', take) };

serveLayout({ port }, new ELK());
