import { skipByteOrderMark } from '../../project/csv-bytes.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { NodeId } from '../../text/ids.ts';

/** The lines of a CSV file in which rows of its table begin; undefined for other files, and where batches have changed rows. */
export function linesOf(
  snapshot: Snapshot,
  id: NodeId,
  rows: readonly number[],
  engine: 'sqlite' | 'duckdb',
): readonly number[] | undefined {
  const node = snapshot.nodes.get(id);
  const path = node?.kind === 'seed' ? node.path : node?.kind === 'source' && node.data?.table === undefined ? node.data?.path : undefined;
  if (path === undefined || !/\.(csv|tsv)$/i.test(path) || snapshot.headwater.batches.length > 0) return undefined;
  const bytes = snapshot.sources.find(path)?.bytes;
  if (bytes === undefined) return undefined;
  // SQLite counts rows from 1, DuckDB from 0.
  const first = engine === 'sqlite' ? 1 : 0;
  const wanted = new Set(rows.map((row) => row - first));
  const lines: number[] = [];
  let [line, record, isQuoted, begins, isEmpty] = [1, -1, false, 1, true];
  for (let at = skipByteOrderMark(bytes); at <= bytes.length; at++) {
    const byte = at === bytes.length ? 10 : bytes[at];
    if (byte === 34) isQuoted = !isQuoted;
    if (byte !== 10) {
      if (byte !== 13) isEmpty = false;
      continue;
    }
    line++;
    if (isQuoted && at < bytes.length) continue;
    // An empty line is no row; the first that is not empty is the header.
    if (!isEmpty) {
      if (wanted.has(record)) lines.push(begins);
      record++;
    }
    [begins, isEmpty] = [line, true];
  }
  return lines;
}
