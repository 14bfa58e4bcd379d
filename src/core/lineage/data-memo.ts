import type { DdlTable } from '../project/ddl.ts';
import { type FileColumns, readFileColumns } from '../project/file-columns.ts';
import type { Sources } from '../project/sources.ts';
import { readSqliteSchema } from '../project/sqlite-file.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Problem } from '../text/problem.ts';
import type { DataShapes } from './project-columns.ts';

/** What data files hold, remembered by their content. */
export class DataMemo {
  readonly #rows = new Map<string, FileColumns>();
  readonly #sqlite = new Map<string, ReturnType<typeof readSqliteSchema>>();

  shapesOf(sources: Sources, dialect: Dialect, problems: Problem[]): DataShapes {
    const told = new Set<string>();
    const tell = (path: string, found: readonly Problem[]) => {
      if (!told.has(path)) problems.push(...found);
      told.add(path);
    };
    return {
      rows: (path, delimiter) => {
        const file = sources.find(path);
        if (!file) return undefined;
        const key = `${path} ${delimiter ?? ''} ${dialect} ${file.hash}`;
        const shape = this.#rows.get(key) ?? readFileColumns(file, dialect, delimiter ? { delimiter } : {});
        this.#rows.set(key, shape);
        tell(path, shape.problems);
        return shape;
      },
      table: (path, name): DdlTable | undefined => {
        const file = sources.find(path);
        if (!file) return undefined;
        const key = `${path} ${file.hash}`;
        const schema = this.#sqlite.get(key) ?? readSqliteSchema(file.bytes, path);
        this.#sqlite.set(key, schema);
        tell(path, schema.problems);
        return schema.tables.find((table) => table.name.toLowerCase() === name.toLowerCase());
      },
    };
  }
}
