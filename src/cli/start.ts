import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readServerOptions } from './server-options.ts';
import { supervise } from './supervise.ts';
import { versionText } from './version.ts';

const args = process.argv.slice(2);
const served = args[0] === 'mcp' ? readServerOptions(args.slice(1)) : undefined;

// The commands are modules of their own, so that each loads only what it needs; they run in a thread that can be ended. A server stays, and gives its
// questions to such a thread one by one.
if (typeof served === 'string') {
  process.stderr.write(`${served}\n`);
  process.exitCode = 2;
} else if (args[0] === 'version' && args.slice(1).every((argument) => argument === '--json')) {
  // Scripts and editors ask for it before anything else: no thread is started for it.
  process.stdout.write(versionText());
} else if (served === undefined) supervise(join(__dirname, 'cli/thread.mjs'), args);
else
  void (
    import(pathToFileURL(join(__dirname, 'cli/mcp-server.mjs')).href) as Promise<{ serveMcp(options: typeof served): Promise<void> }>
  ).then(({ serveMcp }) => serveMcp(served));
