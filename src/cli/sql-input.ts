import type { Dialect } from '../core/sql/dialect.ts';
import { dialects, findDialect } from '../core/sql/dialect.ts';
import { withNearest } from '../core/text/nearest.ts';
import { UsageError } from './command.ts';

/** The dialect of that name or of an adapter's; `generic` where none is given. */
export function readDialect(name: string | undefined): Dialect {
  if (name === undefined || name === '') return 'generic';
  const found = findDialect(name);
  if (found === undefined) throw new UsageError(withNearest(`There is no dialect '${name}'.`, name, dialects));
  return found;
}

/** All of a stream as text; bytes that are no UTF-8 become replacement characters. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}
