import { createReadStream, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { Engine } from '../core/engine/engine.ts';
import { loadRowsFile } from '../core/engine/rows-load.ts';
import type { Warehouse } from '../core/remote/warehouse.ts';
import type { FromCommand, ToCommand } from './allowance.ts';

/** Tells the thread that started this one what is going on; nothing where there is none, as in tests. */
function tell(message: FromCommand): void {
  parentPort?.postMessage(message);
}

/** Says how many processor seconds everything from the start of the command may take, but for what engines do. */
export function allow(seconds: number, work: string): void {
  tell({ type: 'allow', seconds, work });
}

/** Answers every line of standard input with a line of its own; one that takes too long is answered by the thread that watches. */
export function answerLines(seconds: number, answer: (line: string) => Promise<string> | string): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('lines are answered in a thread');
  return new Promise((resolve) => {
    let last: Promise<void> = Promise.resolve();
    port.on('message', (message: ToCommand) => {
      last = last.then(async () => {
        if (message.type === 'end') {
          port.removeAllListeners('message');
          resolve();
        } else tell({ type: 'answer', text: await answer(message.text) });
      });
    });
    tell({ type: 'lines', seconds });
  });
}

/** An engine each of whose statements is timed from outside. */
export function timed(engine: Engine, seconds: number): Engine {
  const during = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    tell({ type: 'engine', seconds });
    try {
      return await run();
    } finally {
      tell({ type: 'engine-done' });
    }
  };
  const { loadCsv } = engine;
  return {
    capabilities: engine.capabilities,
    open: () => engine.open(),
    load: (table, columns, rows) => during(() => engine.load(table, columns, rows)),
    ...(loadCsv === undefined
      ? {}
      : { loadCsv: (table, columns, bytes, delimiter) => during(() => loadCsv.call(engine, table, columns, bytes, delimiter)) }),
    // Reading a file of rows is the work of a query, too.
    loadFile: (table, file) => during(() => loadRowsFile(engine, table, file)),
    attach: (bytes, tables, types) => during(() => engine.attach(bytes, tables, types)),
    execute: (sql) => during(() => engine.execute(sql)),
    query: (sql, page) => during(() => engine.query(sql, page)),
    cancel: () => engine.cancel(),
    close: () => engine.close(),
  };
}

/** A database in this process, each of whose statements is timed from outside as an engine's are. */
export function withClock(warehouse: Warehouse, seconds: number): Warehouse {
  const during = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    tell({ type: 'engine', seconds });
    try {
      return await run();
    } finally {
      tell({ type: 'engine-done' });
    }
  };
  return {
    adapter: warehouse.adapter,
    temporarySchema: warehouse.temporarySchema,
    query: (sql, limits) => during(() => warehouse.query(sql, limits)),
    relations: (schemas) => during(() => warehouse.relations(schemas)),
    write: (statements) => during(() => warehouse.write(statements)),
    close: () => during(() => warehouse.close()),
  };
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes text whole before it returns; false where nobody reads any more. */
export function writeOut(descriptor: 1 | 2, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') {
        if (code === 'EPIPE') return false;
        throw error;
      }
      Atomics.wait(pause, 0, 0, 5);
    }
  }
  return true;
}

/** Standard input as a stream; a thread's own is empty. */
export function readIn(): NodeJS.ReadableStream {
  return createReadStream('', { fd: 0, autoClose: false });
}
