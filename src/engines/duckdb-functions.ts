import { duckDbFunctions } from '../core/translate/duckdb/runtime.ts';
import type { Raw, RuntimeFunction } from '../core/translate/runtime/function.ts';

/** The part of DuckDB's WebAssembly module that a call from it touches. */
export interface DuckDbModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  _malloc(size: number): number;
  _free(address: number): void;
}

interface Argument {
  readonly sqlType: string;
  readonly physicalType: string;
  readonly validityBuffer?: number;
  readonly dataBuffer?: number;
  readonly lengthBuffer?: number;
}

interface Description {
  readonly rows: number;
  readonly args: readonly Argument[];
  readonly ret: { readonly physicalType: string };
}

/** A function as DuckDB knows it: by what it gives. */
export interface DefinedFunction {
  readonly found: RuntimeFunction;
  readonly gives: 'text' | 'number' | 'whole' | 'bytes';
}

/** What a name in SQL stands for: `hw_` gives text, `hwn_` a number, `hwi_` a whole number as text, `hwy_` bytes in hexadecimal. */
export function findFunction(name: string): DefinedFunction | undefined {
  const [, letter = '', own = ''] = /^hw([niy]?)_(\w+)$/.exec(name) ?? [];
  const found = Object.hasOwn(duckDbFunctions, own) ? duckDbFunctions[own] : undefined;
  if (found === undefined) return undefined;
  return { found, gives: letter === 'n' ? 'number' : letter === 'i' ? 'whole' : letter === 'y' ? 'bytes' : 'text' };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text in memory that DuckDB copies at once, kept for the next call. */
interface Scratch {
  address: number;
  size: number;
}

const scratches = { data: { address: 0, size: 0 }, lengths: { address: 0, size: 0 }, text: { address: 0, size: 0 } };

function room(module: DuckDbModule, scratch: Scratch, size: number): number {
  if (scratch.size < size) {
    if (scratch.address !== 0) module._free(scratch.address);
    scratch.size = Math.max(size, 4096, scratch.size * 2);
    scratch.address = module._malloc(scratch.size);
  }
  return scratch.address;
}

/**
 * Answers a call of one of our functions for a vector of rows. The library's own answer leaves the texts that it gives at places counted from
 * zero, where DuckDB then reads garbage; this one gives their addresses.
 */
export function answerCall(
  module: DuckDbModule,
  response: number,
  called: DefinedFunction | undefined,
  description: { readonly address: number; readonly size: number },
  pointers: { readonly address: number; readonly size: number },
): void {
  try {
    if (called === undefined) throw new Error('a function that was never defined');
    const shape = JSON.parse(
      decoder.decode(module.HEAPU8.subarray(description.address, description.address + description.size)),
    ) as Description;
    const addresses = module.HEAPF64.slice(pointers.address >> 3, (pointers.address + pointers.size) >> 3);
    const readers = shape.args.map((argument) => readArgument(module, argument, addresses, shape.rows));
    const results = run(called, readers, shape.rows);
    if (shape.ret.physicalType === 'DOUBLE') writeNumbers(module, response, results);
    else writeTexts(module, response, results, called.gives);
  } catch (error) {
    const message = encoder.encode(error instanceof Error ? error.message : String(error));
    const address = module._malloc(message.length);
    module.HEAPU8.set(message, address);
    writeResponse(module, response, 1, address, message.length);
  }
}

function writeResponse(module: DuckDbModule, response: number, status: number, value: number, size: number): void {
  module.HEAPF64[response >> 3] = status;
  module.HEAPF64[(response >> 3) + 1] = value;
  module.HEAPF64[(response >> 3) + 2] = size;
}

type Reader = (row: number) => Raw;

function readArgument(module: DuckDbModule, argument: Argument, addresses: Float64Array, rows: number): Reader {
  const address = (index: number | undefined): number => addresses[index ?? -1] ?? 0;
  const validity = module.HEAPU8.slice(address(argument.validityBuffer), address(argument.validityBuffer) + rows);
  const data = address(argument.dataBuffer);
  switch (argument.physicalType) {
    case 'VARCHAR': {
      const starts = module.HEAPF64.slice(data >> 3, (data >> 3) + rows);
      const lengthsAt = address(argument.lengthBuffer) >> 3;
      const lengths = module.HEAPF64.slice(lengthsAt, lengthsAt + rows);
      const isBytes = argument.sqlType === 'BLOB';
      return (row) => {
        if (validity[row] === 0) return null;
        const start = starts[row] ?? 0;
        const end = start + (lengths[row] ?? 0);
        return isBytes ? module.HEAPU8.slice(start, end) : readText(module.HEAPU8, start, end);
      };
    }
    case 'INT32': {
      const values = new Int32Array(module.HEAPU8.buffer.slice(data, data + rows * 4));
      return (row) => (validity[row] === 0 ? null : (values[row] ?? 0));
    }
    default: {
      const values = module.HEAPF64.slice(data >> 3, (data >> 3) + rows);
      return (row) => (validity[row] === 0 ? null : (values[row] ?? 0));
    }
  }
}

/** Short texts of ASCII are put together faster by hand. */
function readText(heap: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return decoder.decode(heap.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const code = heap[i] ?? 0;
    if (code > 127) return decoder.decode(heap.subarray(start, end));
    text += String.fromCharCode(code);
  }
  return text;
}

function run(called: DefinedFunction, readers: readonly Reader[], rows: number): (Raw | boolean)[] {
  const { found } = called;
  const args: Raw[] = new Array<Raw>(readers.length);
  const results: (Raw | boolean)[] = new Array<Raw>(rows);
  for (let row = 0; row < rows; row++) {
    let isNull = false;
    for (let i = 0; i < readers.length; i++) {
      const value = readers[i]?.(row) ?? null;
      args[i] = value;
      isNull ||= value === null;
    }
    results[row] = isNull && found.strict ? null : found.run(...args);
  }
  return results;
}

function writeNumbers(module: DuckDbModule, response: number, results: readonly (Raw | boolean)[]): void {
  const rows = results.length;
  const data = module._malloc(Math.max(8, rows * 8));
  const validity = module._malloc(Math.max(1, rows));
  for (let row = 0; row < rows; row++) {
    const value = results[row];
    module.HEAPU8[validity + row] = value === null ? 0 : 1;
    module.HEAPF64[(data >> 3) + row] = Number(value);
  }
  finish(module, response, data, validity, 0);
}

function toText(value: Raw | boolean, gives: DefinedFunction['gives']): string {
  if (value instanceof Uint8Array) return gives === 'bytes' ? toHex(value) : decoder.decode(value);
  if (gives === 'bytes') return toHex(encoder.encode(String(value)));
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') {
    if (gives !== 'whole') return String(value);
    const whole = Math.trunc(value);
    return Number.isSafeInteger(whole) || !Number.isFinite(whole) ? String(whole) : BigInt(whole).toString();
  }
  return String(value);
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function writeTexts(module: DuckDbModule, response: number, results: readonly (Raw | boolean)[], gives: DefinedFunction['gives']): void {
  const rows = results.length;
  const texts = results.map((value) => (value === null ? undefined : encoder.encode(toText(value, gives))));
  const total = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const start = room(module, scratches.text, Math.max(1, total));
  const data = room(module, scratches.data, Math.max(8, rows * 8));
  const lengths = room(module, scratches.lengths, Math.max(8, rows * 8));
  const validity = module._malloc(Math.max(1, rows));
  let at = start;
  for (let row = 0; row < rows; row++) {
    const text = texts[row];
    module.HEAPU8[validity + row] = text === undefined ? 0 : 1;
    module.HEAPF64[(data >> 3) + row] = at;
    module.HEAPF64[(lengths >> 3) + row] = text?.length ?? 0;
    if (text === undefined) continue;
    module.HEAPU8.set(text, at);
    at += text.length;
  }
  finish(module, response, data, validity, lengths);
}

/** DuckDB frees the list of addresses and the validity itself; numbers become the vector. */
function finish(module: DuckDbModule, response: number, data: number, validity: number, lengths: number): void {
  const list = module._malloc(24);
  module.HEAPF64[list >> 3] = data;
  module.HEAPF64[(list >> 3) + 1] = validity;
  module.HEAPF64[(list >> 3) + 2] = lengths;
  writeResponse(module, response, 0, list, 0);
}
