import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import type { Expression, Select } from '../../../src/core/sql/ir.ts';
import { parseSql } from '../../../src/core/sql/parse.ts';

function selectOf(sql: string, dialect: Dialect): Select {
  const { statements, problems } = parseSql(sql, dialect);
  expect(problems).toEqual([]);
  const body = statements[0]?.query?.body;
  if (body?.kind !== 'select') throw new Error(`no SELECT but ${body?.kind}`);
  return body;
}

function itemOf(expression: string, dialect: Dialect): Expression {
  const [item] = selectOf(`select ${expression} from t`, dialect).items;
  if (item?.kind !== 'item') throw new Error('no item');
  return item.expression;
}

/** Brackets around every operator, so that a test sees how tightly each binds. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return expression.parts.map((part) => part.text).join('.');
    case 'literal':
      return expression.type === 'string' ? `'${expression.value}'` : expression.value;
    case 'operator':
      return expression.operands.length === 1
        ? `(${expression.operator} ${show(expression.operands[0] as Expression)})`
        : `(${expression.operands.map(show).join(` ${expression.operator} `)})`;
    case 'call':
      return `${expression.name}(${expression.args.map(show).join(', ')})`;
    case 'cast':
      return `cast(${show(expression.operand)} as ${expression.type})`;
    case 'field':
      return `${show(expression.operand)}${expression.form === 'variant' ? ':' : expression.form === 'struct' ? '.' : '->'}${expression.field.text}`;
    case 'index':
      return `${show(expression.operand)}[${show(expression.index)}]`;
    case 'between':
      return `(${show(expression.operand)} between ${show(expression.low)} and ${show(expression.high)})`;
    case 'like':
      return `(${show(expression.operand)}${expression.negated ? ' not' : ''} ${expression.operator} ${expression.patterns.map(show).join(', ')})`;
    case 'interval':
      return `interval ${show(expression.value)}${expression.unit === undefined ? '' : ` ${expression.unit}`}`;
    default:
      return expression.kind;
  }
}

describe('expressions', () => {
  const cases: readonly (readonly [sql: string, expected: string, dialect?: Dialect])[] = [
    ['a + b * c - d', '((a + (b * c)) - d)'],
    ['a or b and not c = d', '(a or (b and (not (c = d))))'],
    ['a + b + c', '(a + b + c)'],
    ['-a::int', '(- cast(a as int))'],
    ['a between 1 and 2 and b', '((a between 1 and 2) and b)'],
    ["a not like 'x%' or b", "((a not like 'x%') or b)"],
    ['a::numeric(10, 2) <> 0', '(cast(a as numeric(10,2)) <> 0)'],
    ['a::date <> 0', '(cast(a as date) <> 0)', 'snowflake'],
    ['v:a.b[0]::string', 'cast(v:a:b[0] as string)', 'snowflake'],
    ["j ->> 'k' = 'x'", "(j->k = 'x')", 'postgres'],
    ['datediff(day, a, b)', "datediff('day', a, b)", 'snowflake'],
    ['date_trunc(a, month)', "date_trunc(a, 'month')", 'bigquery'],
    ['extract(year from a)', "extract('year', a)"],
    ["a + interval '1 day'", "(a + interval '1 day')", 'postgres'],
    ['a + interval 3 day', '(a + interval 3 day)', 'bigquery'],
    ['interval', 'interval'],
    ['cast(a as array<struct<x int64, y string>>)', 'cast(a as array<struct<x int64,y string>>)', 'bigquery'],
    ['a is not null', '(is not null a)'],
    ["a at time zone 'utc'", "(a at time zone 'utc')", 'postgres'],
    ["'it''s'", "'it's'"],
    ["'a\\'b'", "'a'b'", 'bigquery'],
    ['"a"', "'a'", 'bigquery'],
    ['[a b]', 'a b', 'tsql'],
    ['position(a in b)', 'position(a, b)'],
    ['left(a, 2)', 'left(a, 2)'],
    ['safe.parse_date(a)', 'safe.parse_date(a)', 'bigquery'],
    ['current_date - 1', '(current_date() - 1)'],
  ];
  for (const [sql, expected, dialect = 'generic'] of cases)
    it(`${sql} (${dialect})`, () => expect(show(itemOf(sql, dialect))).toBe(expected));
});

describe('places', () => {
  it('count UTF-16 units and cover exactly the text of each node', () => {
    const sql = "select /* 😀 */ '😀' as x, t.amount + 1 as y from t -- done";
    const { items } = selectOf(sql, 'postgres');
    expect(items.map((item) => (item.kind === 'item' ? sql.slice(item.expression.span.start, item.expression.span.end) : '*'))).toEqual([
      "'😀'",
      't.amount + 1',
    ]);
  });

  it('keep comments, so that what is said beside a column can be shown', () => {
    expect(parseSql('select a, -- a: the first\n b from t', 'postgres').comments.map((comment) => comment.text)).toEqual(['a: the first']);
  });
});

describe('recovery', () => {
  it('puts the smallest piece in an opaque node, with the reason, and reports it once', () => {
    const { statements, problems } = parseSql('select a, b c 1, d from t where x = = 1 group by a', 'snowflake');
    const body = statements[0]?.query?.body as Select;
    expect(body.items.map((item) => (item.kind === 'item' ? item.expression.kind : item.kind))).toEqual(['column', 'opaque', 'column']);
    expect(body.where?.kind).toBe('opaque');
    expect(body.groupBy).toHaveLength(1);
    expect(problems).toHaveLength(2);
    expect(problems[0]?.message).toContain('expected nothing more'.replace('e', 'E'));
  });

  it('reads the next statement after a broken one', () => {
    const { statements } = parseSql('selekt 1; select 2 as two', 'postgres');
    expect(statements.map((statement) => statement.kind)).toEqual(['other', 'select']);
  });

  it('gives what precedes the cursor of a query that is being typed', () => {
    for (const sql of [
      'with a as (select x from t) select a.x from a join ',
      'with a as (select x from t) select a.x, from a',
      'with a as (select x from t), b as (sel',
    ]) {
      const query = parseSql(sql, 'postgres').statements[0]?.query;
      expect(query?.ctes[0]?.name.text).toBe('a');
    }
  });

  it('reads statements of every kind with the table that they fill', () => {
    const sql = `create table a (id int primary key, b_id int references b (id), constraint u unique (b_id)); create view v as select 1 as x;
      insert into a (id) select 1; update a set id = 2; delete from a where id = 1; merge into a using b on a.id = b.id when matched then delete; alter table a add constraint f foreign key (b_id) references b (id); comment on column a.id is 'the key'`;
    const { statements, problems } = parseSql(sql, 'postgres');
    expect(problems).toEqual([]);
    expect(statements.map(({ kind, target }) => `${kind} ${target?.map((part) => part.text).join('.')}`)).toEqual([
      'define a',
      'create-view v',
      'insert a',
      'update a',
      'delete a',
      'merge a',
      'define a',
      'define a',
    ]);
    expect(statements[0]?.constraints.map((constraint) => constraint.kind).sort()).toEqual(['foreign-key', 'primary-key', 'unique']);
    expect(statements[7]?.definitions[0]?.comment).toBe('the key');
  });

  it('gives IGNORE NULLS to the aggregate, not to the scalar function in front of the words', () => {
    const nullsOf = (sql: string) => {
      const query = parseSql(`select ${sql} from t`, 'bigquery').statements[0]?.query;
      const item = query?.body.kind === 'select' ? query.body.items[0] : undefined;
      const call = item?.kind === 'item' && item.expression.kind === 'call' ? item.expression : undefined;
      const inner = call?.args[0];
      return [call?.nulls, inner?.kind === 'call' ? inner.nulls : undefined];
    };
    expect(nullsOf('array_agg(if(a, null, b) ignore nulls order by c limit 1)')).toEqual(['ignore', undefined]);
    expect(nullsOf('last_value(b) ignore nulls over (order by c)')).toEqual(['ignore', undefined]);
  });
});
