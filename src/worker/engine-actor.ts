import type { Engine } from '../core/engine/engine.ts';
import { loadRowsFile } from '../core/engine/rows-load.ts';
import type { EngineCalls, EngineHostCalls } from '../protocol.ts';
import type { Handlers, Port, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { openEngine } from './open-engine.ts';

/** One engine in a worker of its own: it holds data and knows nothing of the project. */
export function serveEngine(port: Port): void {
  let engine: Engine | undefined;
  const get = (): Engine => {
    if (engine === undefined) throw new Error('the engine is not open');
    return engine;
  };
  const handlers: Handlers<EngineCalls> = {
    open: async ({ name }) => {
      engine = await openEngine(name, (asset) => host.ask('asset', { name: asset }));
      return engine.capabilities;
    },
    load: ({ table, columns, rows }) => get().load(table, columns, rows),
    loadFile: ({ table, file }) => loadRowsFile(get(), table, file),
    attach: ({ bytes, tables, types }) => get().attach(bytes, tables, types),
    execute: ({ sql }) => get().execute(sql),
    query: ({ sql, page }) => get().query(sql, page),
    close: () => get().close(),
  };
  const host: Wire<EngineHostCalls> = connect<EngineHostCalls, EngineCalls>(port, handlers);
}
