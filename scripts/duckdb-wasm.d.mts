/** The bytes of DuckDB's WebAssembly as they are shipped. */
export function readDuckDbWasm(): Uint8Array<ArrayBuffer>;
