/** A value of a SQLite record; blobs are left out, as the schema has none. */
export type SqliteValue = string | number | bigint | null;

/** Says why a file cannot be read further; never leaves this folder. */
export class SqliteDamage extends Error {}

const signature = 'SQLite format 3\0';

/** Whether some bytes begin as every SQLite file does. */
export function isSqlite(bytes: Uint8Array): boolean {
  return bytes.length >= 100 && [...signature].every((character, i) => bytes[i] === character.charCodeAt(0));
}

/** Reads the b-trees of a SQLite file by pages: no journal, no locks, only what was committed to the file itself. */
export class SqlitePages {
  readonly #view: DataView;
  readonly #pageSize: number;
  readonly #usable: number;
  readonly #decode: (bytes: Uint8Array) => string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (!isSqlite(bytes)) throw new SqliteDamage('it does not begin as a SQLite file does');
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = this.#view.getUint16(16);
    this.#pageSize = size === 1 ? 65_536 : size;
    if (this.#pageSize < 512 || (this.#pageSize & (this.#pageSize - 1)) !== 0) throw new SqliteDamage(`its page size is ${size}`);
    this.#usable = this.#pageSize - (bytes[20] ?? 0);
    const encoding = this.#view.getUint32(56);
    const decoder = encoding <= 1 ? new TextDecoder('utf-8') : undefined;
    this.#decode = decoder ? (text) => decoder.decode(text) : (text) => decodeUtf16(text, encoding === 3);
  }

  /** The records of the table whose b-tree begins at a page, in the order of their row ids. */
  *table(root: number): Generator<readonly SqliteValue[], void, undefined> {
    const seen = new Set<number>();
    const open = [root];
    for (let page = open.pop(); page !== undefined; page = open.pop()) {
      if (seen.has(page)) throw new SqliteDamage(`page ${page} is linked twice`);
      seen.add(page);
      const start = this.#startOf(page);
      // The first page holds the file's header before its own.
      const header = page === 1 ? start + 100 : start;
      const type = this.#view.getUint8(header);
      const cells = this.#view.getUint16(header + 3);
      if (type === 5) {
        if (12 + cells * 2 > this.#pageSize) throw new SqliteDamage(`page ${page} claims ${cells} cells`);
        const children: number[] = [];
        for (let i = 0; i < cells; i++) children.push(this.#view.getUint32(this.#cell(start, header + 12, i)));
        children.push(this.#view.getUint32(header + 8));
        for (const child of children.reverse()) open.push(child);
      } else if (type === 13) {
        if (8 + cells * 2 > this.#pageSize) throw new SqliteDamage(`page ${page} claims ${cells} cells`);
        for (let i = 0; i < cells; i++) yield this.#record(this.#cell(start, header + 8, i), start);
      } else throw new SqliteDamage(`page ${page} is of kind ${type}, not of a table`);
    }
  }

  #startOf(page: number): number {
    const start = (page - 1) * this.#pageSize;
    if (page < 1 || start + this.#pageSize > this.#bytes.length) throw new SqliteDamage(`page ${page} lies beyond the end of the file`);
    return start;
  }

  #cell(start: number, pointers: number, i: number): number {
    const offset = this.#view.getUint16(pointers + i * 2);
    if (offset + 4 > this.#pageSize) throw new SqliteDamage('a cell lies outside its page');
    return start + offset;
  }

  /** One record, its overflow pages joined to it. */
  #record(at: number, pageStart: number): readonly SqliteValue[] {
    const [size, afterSize] = this.#varint(this.#bytes, at);
    const [, body] = this.#varint(this.#bytes, afterSize);
    if (size > this.#bytes.length) throw new SqliteDamage('a record is longer than the file');
    const most = this.#usable - 35;
    if (size <= most) {
      if (body + size > pageStart + this.#pageSize) throw new SqliteDamage('a record runs over its page');
      return this.#values(this.#bytes.subarray(body, body + size));
    }
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((size - least) % (this.#usable - 4));
    const local = fitting <= most ? fitting : least;
    if (body + local + 4 > pageStart + this.#pageSize) throw new SqliteDamage('a record runs over its page');
    const payload = new Uint8Array(size);
    payload.set(this.#bytes.subarray(body, body + local));
    let filled = local;
    for (let page = this.#view.getUint32(body + local); filled < size; ) {
      const start = this.#startOf(page);
      const part = Math.min(size - filled, this.#usable - 4);
      payload.set(this.#bytes.subarray(start + 4, start + 4 + part), filled);
      filled += part;
      page = this.#view.getUint32(start);
    }
    return this.#values(payload);
  }

  #values(payload: Uint8Array): readonly SqliteValue[] {
    const [headerSize, first] = this.#varint(payload, 0);
    if (headerSize > payload.length) throw new SqliteDamage('a record has a header longer than itself');
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const values: SqliteValue[] = [];
    let at = headerSize;
    for (let header = first; header < headerSize; ) {
      const [type, next] = this.#varint(payload, header);
      header = next;
      const size = type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0);
      if (at + size > payload.length) throw new SqliteDamage('a value runs over its record');
      if (type >= 13 && type % 2 === 1) values.push(this.#decode(payload.subarray(at, at + size)));
      else if (type === 7) values.push(view.getFloat64(at));
      else if (type === 6) values.push(view.getBigInt64(at));
      else if (type === 8 || type === 9) values.push(type - 8);
      else if (type >= 1 && type <= 5) values.push(toSigned(payload, at, size));
      else values.push(null);
      at += size;
    }
    return values;
  }

  #varint(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = bytes[at + i];
      if (byte === undefined) throw new SqliteDamage('the file ends within a number');
      if (i === 8) return [value * 256 + byte, at + 9];
      value = value * 128 + (byte & 127);
      if (byte < 128) return [value, at + i + 1];
    }
    return [value, at + 9];
  }
}

function toSigned(bytes: Uint8Array, at: number, size: number): number {
  let value = ((bytes[at] ?? 0) << 24) >> 24;
  for (let i = 1; i < size; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function decodeUtf16(bytes: Uint8Array, bigEndian: boolean): string {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const [first, second] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    text += String.fromCharCode(bigEndian ? first * 256 + second : second * 256 + first);
  }
  return text;
}
