import { join } from 'node:path';
import { supervise } from './supervise.ts';

// The commands are modules of their own, so that each loads only what it needs; they run in a thread that can be ended.
supervise(join(__dirname, 'cli/thread.mjs'), process.argv.slice(2));
