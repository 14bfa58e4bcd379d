import { adapterOf, readConnection, withoutSecrets } from '../../core/remote/profile.ts';
import { WarehouseError } from '../../core/remote/warehouse.ts';
import { type Command, exitCodes } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { profilesOption } from '../profiles.ts';
import { openProject } from '../project.ts';
import { connect, readProfileOf } from '../remote.ts';

interface Connection {
  readonly output: string;
  readonly adapter: string;
  readonly isDefault: boolean;
  readonly state: 'untried' | 'ok' | 'failed';
  readonly message: string;
  readonly ms: number;
}

/** `headwater connections`: the outputs of the project's profile, and whether they can be reached. */
export const connectionsCommand: Command = {
  name: 'connections',
  summary: "List the outputs of the project's profile, and try them.",
  usage: 'headwater connections [--project DIR] [--profiles-dir DIR] [--target NAME] [--check] [--json]',
  options: [{ name: 'check', summary: 'connect to each of them, or to that of --target' }, profilesOption, timeoutOption],
  async run(invocation) {
    const opened = await openProject(invocation);
    const { profile, environment } = readProfileOf(invocation, opened);
    const target = invocation.option('target');
    const connections: Connection[] = [];
    for (const output of profile.outputs) {
      if (target !== undefined && output.name !== target) continue;
      const about = { output: output.name, adapter: adapterOf(output, environment), isDefault: output.isDefault };
      if (!invocation.flag('check')) {
        connections.push({ ...about, state: 'untried', message: '', ms: 0 });
        continue;
      }
      const values = readConnection(output, environment);
      if (typeof values === 'string') {
        connections.push({ ...about, state: 'failed', message: values, ms: 0 });
        continue;
      }
      const before = performance.now();
      const [state, message] = await connect(values, opened.root, opened.timeout).then(
        async (warehouse) => {
          await warehouse.close();
          return ['ok', ''] as const;
        },
        (error: unknown) => {
          if (!(error instanceof WarehouseError)) throw error;
          return ['failed', withoutSecrets(error.message.replace(/([^.?])$/, '$1.'), values.secrets)] as const;
        },
      );
      connections.push({ ...about, state, message, ms: Math.round(performance.now() - before) });
    }
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, connections })}\n`);
    else
      for (const { output, adapter, isDefault, state, message, ms } of connections)
        invocation.print(
          `${state.padEnd(7)} ${output} (${adapter})${isDefault ? ', the default' : ''}${state === 'ok' ? ` ${ms} ms` : ''}${message === '' ? '' : `\n        ${message}`}\n`,
        );
    if (connections.length === 0) invocation.say(`The profile '${profile.name}' has no such output.`);
    return connections.length === 0 || connections.some(({ state }) => state === 'failed') ? exitCodes.findings : exitCodes.fine;
  },
};
