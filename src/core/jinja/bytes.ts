import { stringRepr } from './repr.ts';
import type { Value } from './values.ts';
import { PyObject } from './values.ts';

/** What `'text'.encode()` gives: UTF-8 bytes. */
export class PyBytes extends PyObject {
  readonly bytes: Uint8Array;

  constructor(readonly decoded: string) {
    super();
    this.bytes = toUtf8(decoded);
  }

  override get typeName(): string {
    return 'bytes';
  }

  override length(): number {
    return this.bytes.length;
  }

  override item(key: Value): Value | undefined {
    if (typeof key !== 'number') return undefined;
    return this.bytes[key < 0 ? key + this.bytes.length : key];
  }

  override iterate(): Value[] {
    return Array.from(this.bytes);
  }

  override equals(other: Value): boolean {
    return other instanceof PyBytes && other.decoded === this.decoded;
  }

  override hashKey(): unknown {
    return `b${this.decoded}`;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'decode') return () => this.decoded;
    if (name === 'hex') return () => Array.from(this.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return undefined;
  }

  override repr(): string {
    const quote = this.decoded.includes("'") && !this.decoded.includes('"') ? '"' : "'";
    const characters = Array.from(this.bytes, (byte) => {
      if (byte >= 128) return `\\x${byte.toString(16)}`;
      const character = String.fromCharCode(byte);
      if (character === quote) return `\\${quote}`;
      return character === '"' || character === "'" ? character : stringRepr(character).slice(1, -1);
    });
    return `b${quote}${characters.join('')}${quote}`;
  }
}

/** The UTF-8 bytes of a text. */
export function toUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}
