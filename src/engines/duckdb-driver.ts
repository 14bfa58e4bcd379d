import type { DuckDBBindings, DuckDBConnection, DuckDBRuntime } from '@duckdb/duckdb-wasm/blocking';
import { answerCall, type DefinedFunction, type DuckDbModule, findFunction } from './duckdb-functions.ts';

type ConnectionOf = DuckDBConnection;

/** What the library looks for on the global object while its module runs. */
interface Globals {
  DUCKDB_RUNTIME?: Record<string, unknown>;
}

type Instantiate = (
  imports: WebAssembly.Imports,
  success: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => Record<string, never>;

/** DuckDB's module, once for all engines of a process: it takes a second to start and 40 MB to stand. */
export interface DuckDbDriver {
  readonly bindings: DuckDBBindings;
  /** A connection to a new database in memory, with a name of its own. */
  connect(): { readonly connection: ConnectionOf; readonly database: string };
  /** Makes known the functions of ours that a statement calls. */
  define(connection: ConnectionOf, sql: string): void;
}

let started: Promise<DuckDbDriver> | undefined;

/** Starts DuckDB from the bytes of `duckdb-eh.wasm`, or gives what runs already. */
export function startDuckDb(wasm: () => Promise<Uint8Array>, memory = memoryLimit): Promise<DuckDbDriver> {
  started ??= start(wasm, memory).catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

/** Below the 4 GB that WebAssembly addresses, so that DuckDB says when it is full before the module breaks. */
export const memoryLimit = '3 GB';

/** Where the texts stand that are read as files; nothing else can be opened. */
export const registeredFolder = 'hw_files/';

const returnTypes = { text: { typeId: 5 }, number: { typeId: -12 } } as const;

async function start(wasm: () => Promise<Uint8Array>, memory: string): Promise<DuckDbDriver> {
  const [loaded, bytes] = await Promise.all([import('@duckdb/duckdb-wasm/blocking'), wasm()]);
  // A bundle of its own comes as one value, as Node gives a CommonJS file to an import.
  const library = 'VoidLogger' in loaded ? loaded : (loaded as unknown as { readonly default: typeof loaded }).default;
  const runtime = { ...(library.NODE_RUNTIME ?? (library as unknown as { BROWSER_RUNTIME: DuckDBRuntime }).BROWSER_RUNTIME) };
  const functions = new Map<number, DefinedFunction>();
  const defined = new Set<string>();
  const bindings = await library.createDuckDB(
    { mvp: { mainModule: '' }, eh: { mainModule: 'duckdb-eh.wasm' } } as Parameters<typeof library.createDuckDB>[0],
    new library.VoidLogger(),
    runtime,
  );
  // The library would fetch the module; here it lies beside the bundle and was read already.
  const instantiateWasm: Instantiate = (imports, success) => {
    (globalThis as Globals).DUCKDB_RUNTIME = {
      ...runtime,
      callScalarUDF: (
        module: DuckDbModule,
        response: number,
        id: number,
        descriptionAt: number,
        descriptionSize: number,
        pointersAt: number,
        pointersSize: number,
      ) =>
        answerCall(
          module,
          response,
          functions.get(id),
          { address: descriptionAt, size: descriptionSize },
          { address: pointersAt, size: pointersSize },
        ),
    };
    void WebAssembly.instantiate(bytes as Uint8Array<ArrayBuffer>, imports).then(({ instance, module }) => success(instance, module));
    return {};
  };
  Object.assign(bindings, { instantiateWasm });
  await bindings.instantiate();
  bindings.open({ path: ':memory:', query: { castBigIntToDouble: false } });
  const first = bindings.connect();
  // Nothing is ever fetched: what is not in the module is not there.
  first.query('set autoinstall_known_extensions = false');
  first.query('set autoload_known_extensions = false');
  // It takes date_trunc over the NULLs of an outer join for full of values, and then gives moments that nobody wrote.
  first.query("set disabled_optimizers = 'statistics_propagation'");
  first.query(`set memory_limit = '${memory}'`);
  // Beneath the translator, which refuses all of this already: no file but the texts that we register, no network, and no way to change that.
  first.query(`set allowed_directories = ['${registeredFolder}']`);
  first.query('set enable_external_access = false');
  first.query('set lock_configuration = true');
  let databases = 0;
  let ids = 0;
  return {
    bindings,
    connect() {
      const database = `hw${++databases}`;
      const connection = bindings.connect();
      connection.query(`attach ':memory:' as ${database}`);
      connection.query(`use ${database}`);
      return { connection, database };
    },
    define(connection, sql) {
      for (const [name] of sql.matchAll(/\bhw[niy]?_\w+(?=\()/g)) {
        if (defined.has(name)) continue;
        const found = findFunction(name);
        if (found === undefined) continue;
        defined.add(name);
        functions.set(++ids, found);
        const returns = found.gives === 'number' ? returnTypes.number : returnTypes.text;
        connection.createScalarFunction(name, returns as never, () => undefined);
      }
    },
  };
}
