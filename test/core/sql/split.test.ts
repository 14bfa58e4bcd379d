import { expect, test } from 'vitest';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { parseSql } from '../../../src/core/sql/parse.ts';

/** What the statements of a script do, as `kind target`, without those that say nothing of tables. */
function kindsOf(sql: string, dialect: Dialect): readonly string[] {
  const { statements, problems } = parseSql(sql, dialect);
  expect(problems).toEqual([]);
  return statements
    .filter(({ kind }) => kind !== 'other')
    .map(({ kind, target }) => `${kind} ${target?.map((name) => name.text).join('.') ?? ''}`.trim());
}

test.each<[string, string, readonly string[]]>([
  [
    'a procedure with its messages, its times and its errors',
    `CREATE OR ALTER PROCEDURE silver.load AS
     BEGIN
       DECLARE @start DATETIME, @end DATETIME;
       BEGIN TRY
         SET @start = GETDATE();
         PRINT '>> Loading';
         TRUNCATE TABLE silver.a;
         INSERT INTO silver.a (x) SELECT x FROM bronze.a;
         SET @end = GETDATE();
         BULK INSERT silver.b FROM 'C:\\data\\b.csv' WITH (FIRSTROW = 2, FIELDTERMINATOR = ',');
       END TRY
       BEGIN CATCH
         PRINT 'Error: ' + ERROR_MESSAGE();
       END CATCH
     END
     GO
     SELECT x FROM silver.a;`,
    ['insert silver.a', 'insert silver.b', 'select'],
  ],
  [
    'statements that only lines divide',
    `SET NOCOUNT ON
     TRUNCATE TABLE a
     INSERT INTO a (x)
     SELECT x FROM b
     PRINT 'done'
     IF OBJECT_ID('v', 'V') IS NOT NULL
       DROP VIEW v
     UPDATE a
     SET x = 1
     WHERE x = 2
     EXEC load_more`,
    ['insert a', 'update a'],
  ],
  [
    'a MERGE over many lines is one',
    `MERGE INTO a AS t USING b AS s ON t.id = s.id
     WHEN MATCHED THEN
       UPDATE
       SET t.x = s.x
     WHEN NOT MATCHED THEN
       INSERT (id, x)
       VALUES (s.id, s.x);`,
    ['merge a'],
  ],
  [
    'queries one after the other',
    `SELECT a FROM t WITH (NOLOCK)
     WHERE x IN
       (SELECT x FROM u)
     UNION ALL
     SELECT b FROM u
     SELECT c
     FROM v
     WITH w AS (SELECT 1 AS x)
     SELECT x FROM w
     INSERT INTO d
     SELECT x FROM e`,
    ['select', 'select', 'select', 'insert d'],
  ],
  ['commands to sqlcmd', ':r setup.sql\n:setvar x 1;\nSELECT a FROM b', ['select']],
])('T-SQL: %s', (_, sql, kinds) => {
  expect(kindsOf(sql, 'tsql')).toEqual(kinds);
});

test.each<[Dialect, string, string, string]>([
  ['tsql', "BULK INSERT s.t FROM 'C:\\in\\orders.csv' WITH (FIRSTROW = 2)", 't', 'orders'],
  ['postgres', "copy t (a, b) from '/data/orders.csv' with (format csv, header)", 't', 'orders'],
  ['mysql', "load data local infile '/data/orders.csv' into table t fields terminated by ','", 't', 'orders'],
])('%s: a load reads its file as the table of that name', (dialect, sql, target, file) => {
  const [statement] = parseSql(sql, dialect).statements;
  expect(statement?.target?.at(-1)?.text).toBe(target);
  const body = statement?.query?.body;
  const relation = body?.kind === 'select' ? body.from[0] : undefined;
  expect(relation?.kind === 'table' && relation.parts.map((part) => part.text)).toEqual([file]);
});

test.each(["copy t from 's3://bucket/orders.csv' iam_role default", 'copy t to stdout', 'copy t from stdin'])(
  'a load from elsewhere reads no table: %s',
  (sql) => {
    expect(parseSql(sql, 'postgres').statements.map(({ kind }) => kind)).toEqual(['other']);
  },
);
