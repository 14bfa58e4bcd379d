import type { FileMetaData, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetMetadata, parquetSchema } from 'hyparquet/src/metadata.js';
import type { Dialect } from '../sql/dialect.ts';
import type { SqlType } from '../sql/types.ts';
import { toSqlType } from './parquet-types.ts';

/** A column of a Parquet file, from its footer. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly tree: SchemaTree;
}

/** What a Parquet file's footer tells. */
export interface ParquetShape {
  readonly metadata: FileMetaData;
  readonly columns: readonly ParquetColumn[];
  readonly rowCount: number;
}

const mostColumns = 10_000;
const mostDepth = 64;

/** Reads the footer of a Parquet file; the sentence that says why where it cannot be read. */
export function readParquetShape(bytes: Uint8Array, dialect: Dialect): ParquetShape | { readonly damage: string } {
  if (!isParquet(bytes)) return { damage: 'it does not begin and end as a Parquet file does' };
  try {
    // Positions given as geography are kept as they are stored.
    const metadata = parquetMetadata(bytes, { geoparquet: false });
    if (metadata.schema.length > mostColumns) return { damage: `it has more than ${mostColumns} columns` };
    const tree = parquetSchema(metadata);
    if (depthOf(tree) > mostDepth) return { damage: 'its columns are nested too deeply' };
    const rowCount = Number(metadata.num_rows);
    if (!Number.isSafeInteger(rowCount) || rowCount < 0) return { damage: 'its number of rows makes no sense' };
    const columns = tree.children.map((child) => ({ name: child.element.name, type: toSqlType(child, dialect), tree: child }));
    return { metadata, columns, rowCount };
  } catch (error) {
    return { damage: toDamage(error) };
  }
}

function isParquet(bytes: Uint8Array): boolean {
  const magic = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  return bytes.length >= 12 && magic(0) === 'PAR1' && magic(bytes.length - 4) === 'PAR1';
}

function depthOf({ children }: SchemaTree, depth = 0): number {
  return depth > mostDepth ? depth : children.reduce((most, child) => Math.max(most, depthOf(child, depth + 1)), depth);
}

const mostValues = 200_000_000;
const mostUnpacked = 2 ** 30;

/**
 * Walks the headers of all pages before any of them is unpacked, because they claim sizes that memory is reserved for. Answers what is wrong with
 * them, or undefined.
 */
export function findExcess(bytes: Uint8Array, { metadata }: ParquetShape): string | undefined {
  let values = 0;
  let size = 0;
  for (const group of metadata.row_groups)
    for (const { meta_data: column } of group.columns) {
      if (column === undefined) return 'a column is encrypted or lies in another file';
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      const end = start + Number(column.total_compressed_size);
      if (!(start >= 0 && end <= bytes.length && start <= end)) return 'a column lies beyond its end';
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset + start, end - start), offset: 0 };
      while (reader.offset < reader.view.byteLength - 1) {
        const before = reader.offset;
        const header = parquetHeader(reader);
        const sizes = [header.compressed_page_size, header.uncompressed_page_size];
        if (!sizes.every((one) => Number.isSafeInteger(one) && one >= 0)) return 'a page has a size that makes no sense';
        const claimed = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
        values += Math.max(claimed, header.dictionary_page_header?.num_values ?? 0);
        size += Math.max(0, header.uncompressed_page_size);
        if (header.compressed_page_size < 0 || claimed < 0) return 'a page has a size that makes no sense';
        reader.offset += header.compressed_page_size;
        if (reader.offset <= before) return 'a page has a size that makes no sense';
        if (values > mostValues) return `it holds more than ${mostValues / 1_000_000} million values`;
        if (size > mostUnpacked) return `it holds more than ${mostUnpacked >> 20} MB when unpacked`;
      }
    }
  return undefined;
}

/** What went wrong, in words that fit behind "cannot be read:". */
export function toDamage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError) return 'it is damaged';
  return text.replace(/^parquet /, '').replace(/[.\s]+$/, '') || 'it is damaged';
}
