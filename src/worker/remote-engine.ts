import type { Cell, Engine, EngineCapabilities, EngineColumn, LoadedRows, Page, RowsFile } from '../core/engine/engine.ts';
import type { EngineCalls, EngineHostCalls } from '../protocol.ts';
import type { Port, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import type { ReadAsset } from './open-engine.ts';

/** A thread that an engine runs in. */
export interface EngineThread {
  readonly port: Port;
  onDied(listener: (reason: string) => void): void;
  end(): void;
}

/** An engine in a worker of its own, which can be ended in the middle of a statement. */
export class RemoteEngine implements Engine {
  #capabilities: EngineCapabilities | undefined;
  #underWay = 0;
  #isOver = false;

  private constructor(
    private readonly thread: EngineThread,
    private readonly wire: Wire<EngineCalls>,
    private readonly onOver: (engine: RemoteEngine, reason: string) => void,
  ) {}

  static async start(
    name: 'sqlite' | 'duckdb',
    thread: EngineThread,
    readAsset: ReadAsset,
    onOver: (engine: RemoteEngine, reason: string) => void,
  ): Promise<RemoteEngine> {
    const wire = connect<EngineCalls, EngineHostCalls>(thread.port, { asset: (ask) => readAsset(ask.name) });
    const engine = new RemoteEngine(thread, wire, onOver);
    thread.onDied((reason) => engine.#over(reason));
    engine.#capabilities = await engine.#ask('open', { name });
    return engine;
  }

  get capabilities(): EngineCapabilities {
    if (this.#capabilities === undefined) throw new Error('the engine is not open');
    return this.#capabilities;
  }

  /** Whether it runs something. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Ends it with whatever it runs; what it held is gone. */
  end(reason: string): void {
    this.thread.end();
    this.#over(reason);
  }

  async open(): Promise<void> {}

  load(table: string, columns: readonly EngineColumn[], rows: Iterable<readonly Cell[]>): Promise<number> {
    return this.#ask('load', { table, columns, rows: [...rows] });
  }

  loadFile(table: string, file: RowsFile): Promise<LoadedRows> {
    return this.#ask('loadFile', { table, file });
  }

  attach(bytes: Uint8Array, tables: ReadonlyMap<string, string>, types?: ReadonlyMap<string, string>): Promise<void> {
    return this.#ask('attach', { bytes, tables, types });
  }

  execute(sql: string): Promise<void> {
    return this.#ask('execute', { sql });
  }

  query(sql: string, page: { readonly offset: number; readonly limit: number }): Promise<Page> {
    return this.#ask('query', { sql, page });
  }

  cancel(): void {
    this.end('cancelled');
  }

  async close(): Promise<void> {
    this.end('closed');
  }

  #over(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.wire.close(reason);
    this.onOver(this, reason);
  }

  async #ask<Type extends keyof EngineCalls & string>(type: Type, ask: EngineCalls[Type]['ask']): Promise<EngineCalls[Type]['answer']> {
    this.#underWay++;
    try {
      return await this.wire.ask(type, ask);
    } finally {
      this.#underWay--;
    }
  }
}
