import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ForeignParse } from '../core/sql/second/second-reader.ts';

/** The second parser in the file beside a bundle (`folder` is its `__dirname`); undefined where there is none. */
export function loadSecondReader(folder: string): ForeignParse | undefined {
  const path = join(folder, 'second-reader.js');
  return existsSync(path) ? (createRequire(path)(path) as { readonly parse: ForeignParse }).parse : undefined;
}
