import { readFileSync } from 'node:fs';
import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { toDdl } from '../../src/core/docs/erd-text.ts';
import { buildErd } from '../../src/core/erd/build.ts';
import { toErdSource } from '../../src/core/erd/from-snapshot.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { Disk } from '../../src/disk/disk.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test' };

describe('the tables of a sample, as DDL', () => {
  it.each(['b2b-saas', 'crm-warehouse', 'lightdash-saas', 'ravenstack', 'saas-activity'])('%s are made by SQLite', async (name) => {
    const sources = await Sources.read(new Disk(`samples/${name}`));
    const erd = buildErd(toErdSource(new Analyzer(templateEngine).analyze(sources, { ...settings, folderName: name })));
    const SQL = await initSqlJs({ wasmBinary: new Uint8Array(readFileSync('node_modules/sql.js/dist/sql-wasm.wasm')).buffer });
    const database = new SQL.Database();
    database.exec(toDdl(erd));
    const [made] = database.exec("select count(*) from sqlite_master where type = 'table'");
    expect(made?.values).toEqual([[erd.entities.length]]);
    database.close();
  });
});
