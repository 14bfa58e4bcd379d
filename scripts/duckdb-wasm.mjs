// DuckDB's WebAssembly as it is shipped: without the 75,000 exports that only a module linked to it at run time could ask for, and none is.
// That is a fifth of its size, and half of the time and memory that starting it takes.
import { readFileSync } from 'node:fs';

const folder = 'node_modules/@duckdb/duckdb-wasm/dist/';

/** The bytes of `duckdb-eh.wasm` with the exports that the library names, or that the module itself imports by way of the library. */
export function readDuckDbWasm() {
  const library = ['duckdb-node-blocking.cjs', 'duckdb-browser-blocking.mjs'].map((name) => readFileSync(folder + name, 'utf8')).join('\n');
  return keepExports(readFileSync(`${folder}duckdb-eh.wasm`), new Set(library.match(/[A-Za-z_$][\w$]*/g)));
}

const section = { import: 2, export: 7 };

/** A module with those of its exports that are named, or that it imports under the same name. */
function keepExports(bytes, named) {
  const read = new Reader(bytes, 8);
  const pieces = [bytes.subarray(0, 8)];
  let imported = new Set();
  while (read.at < bytes.length) {
    const start = read.at;
    const id = read.byte();
    const end = read.number() + read.at;
    if (id === section.import) imported = readImports(read);
    if (id !== section.export) {
      pieces.push(bytes.subarray(start, end));
      read.at = end;
      continue;
    }
    const kept = [];
    for (let left = read.number(); left > 0; left--) {
      const from = read.at;
      const name = read.text();
      read.byte();
      read.number();
      if (imported.has(name) || named.has(name) || name.startsWith('__wasm')) kept.push(bytes.subarray(from, read.at));
    }
    const body = Buffer.concat([toNumber(kept.length), ...kept]);
    pieces.push(Buffer.from([id]), toNumber(body.length), body);
  }
  return Buffer.concat(pieces);
}

/** The names of what a module imports: functions, tables, memories, globals, tags. */
function readImports(read) {
  const names = new Set();
  const limits = () => {
    const flags = read.number();
    read.number();
    if (flags & 1) read.number();
  };
  const kinds = [
    () => read.number(),
    () => (read.byte(), limits()),
    limits,
    () => (read.byte(), read.byte()),
    () => (read.byte(), read.number()),
  ];
  for (let left = read.number(); left > 0; left--) {
    read.text();
    names.add(read.text());
    kinds[read.byte()]();
  }
  return names;
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** LEB128. */
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}

function toNumber(value) {
  const bytes = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left & 127) | 128);
  }
}
