import { describe, expect, it } from 'vitest';
import { readJsonTable } from '../../../src/core/data/json-table.ts';
import { showType } from '../../../src/core/sql/types.ts';

function read(text: string, format: 'json' | 'jsonl' = 'jsonl', mostRows?: number) {
  const table = readJsonTable(new TextEncoder().encode(text), format, mostRows);
  if ('damage' in table) return table;
  return {
    columns: table.columns.map(({ name, type }) => `${name} ${showType(type, 'duckdb')}`),
    rows: [...table.rows()].map((row) => [...row]),
    isComplete: table.isComplete,
  };
}

describe('a column of JSON values', () => {
  it.each([
    ['integers', '{"v":1}\n{"v":-2}', 'v bigint', [1, -2]],
    ['integers beside fractions', '{"v":1}\n{"v":2.5}', 'v double', [1, 2.5]],
    ['integers that a double would round', '{"v":9007199254740993}', 'v bigint', [9007199254740993n]],
    ['integers beyond 64 bits', '{"v":92233720368547758080}', 'v decimal', ['92233720368547758080']],
    ['fractions of more digits than a double has', '{"v":0.1234567890123456789}', 'v decimal', ['0.1234567890123456789']],
    ['digits in a string', '{"v":"9007199254740993"}', 'v varchar', ['9007199254740993']],
    ['booleans', '{"v":true}\n{"v":null}', 'v boolean', [true, null]],
    ['dates', '{"v":"2024-02-29"}', 'v date', ['2024-02-29']],
    ['moments', '{"v":"2024-02-29T10:00:00Z"}\n{"v":"2024-02-29 10:00"}', 'v timestamp', ['2024-02-29 10:00:00', '2024-02-29 10:00:00']],
    ['moments of a zone, which stay text', '{"v":"2024-02-29T10:00:00+02:00"}', 'v varchar', ['2024-02-29T10:00:00+02:00']],
    ['text beside numbers', '{"v":"a"}\n{"v":1}', 'v varchar', ['a', '1']],
    ['objects and lists', '{"v":{"a":[1,null]}}\n{"v":[]}', 'v json', ['{"a":[1,null]}', '[]']],
    ['objects beside text', '{"v":{"a":1}}\n{"v":"x"}', 'v json', ['{"a":1}', '"x"']],
    ['nothing but null', '{"v":null}', 'v varchar', [null]],
  ])('of %s', (_, text, column, values) => {
    const table = read(text);
    expect(table).toMatchObject({ columns: [column], rows: values.map((value) => [value]) });
  });

  it('is there from the first row that has it, and NULL where a row has none', () => {
    expect(read('[{"a":1},{"b":"x","a":2},{}]', 'json')).toMatchObject({
      columns: ['a bigint', 'b varchar'],
      rows: [
        [1, null],
        [2, 'x'],
        [null, null],
      ],
    });
  });

  it('may have the name of what every object inherits', () => {
    expect(read('{"a":1}\n{"constructor":2,"__proto__":3}')).toMatchObject({
      rows: [
        [1, null, null],
        [null, 2, 3],
      ],
    });
  });
});

describe('a file', () => {
  it.each([
    ['of nothing', '', 'jsonl', { columns: [], rows: [] }],
    ['of empty lines', '{"a":1}\n\n{"a":2}\n', 'jsonl', { rows: [[1], [2]] }],
    ['of an object a line that ends in .json', '{"a":1}\n{"a":2}\n', 'json', { rows: [[1], [2]] }],
    ['with a line that is cut', '{"a":1}\n{"a":', 'jsonl', { damage: 'this line is no JSON', line: 2 }],
    ['with a line that is a list', '[1]', 'jsonl', { damage: 'this line is no object', line: 1 }],
    ['of one object', '{"a":1}', 'json', { damage: 'it holds no list of objects' }],
    ['that is cut', '[{"a":1}', 'json', { damage: 'it is no JSON' }],
  ] as const)('%s', (_, text, format, expected) => {
    expect(read(text, format)).toMatchObject(expected);
  });

  it('that is no UTF-8 is refused', () => {
    expect(readJsonTable(Uint8Array.of(0x7b, 0xff, 0x7d), 'jsonl')).toEqual({ damage: 'it is not UTF-8 text' });
  });

  it('is looked at as far as is asked', () => {
    expect(read('{"a":1}\n{"a":2}', 'jsonl', 1)).toMatchObject({ rows: [[1]], isComplete: false });
  });

  it('of thousands of different keys is refused', () => {
    const row = Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`k${at}`, 1]));
    expect(read(JSON.stringify(row))).toMatchObject({ damage: 'its objects have more than 5000 different keys' });
  });
});
