import { describe, expect, test } from 'vitest';
import type { CsvOptions } from '../../../src/core/project/csv.ts';
import { readCsv } from '../../../src/core/project/csv.ts';

function read(content: string | Uint8Array, options: CsvOptions = {}) {
  const csv = readCsv(content, { path: 'seeds/a.csv', ...options });
  const rows = [...csv.rows()];
  return {
    header: csv.header,
    rows,
    problems: csv.problems.map((problem) => `${problem.start.line} ${problem.code}`),
    delimiter: csv.delimiter,
  };
}

describe('the text of a CSV file', () => {
  const cases: readonly [string, string, readonly (readonly (string | null)[])[]][] = [
    [
      'plain rows',
      'a,b\n1,2\n3,4\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [['1', '2']]],
    ['carriage returns', 'a,b\r\n1,2\r\n', [['1', '2']]],
    [
      'only carriage returns',
      'a,b\r1,2\r3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['a byte order mark', '\uFEFFa,b\n1,2\n', [['1', '2']]],
    ['quotes around a delimiter', 'a,b\n"x,y",2\n', [['x,y', '2']]],
    ['doubled quotes', 'a,b\n"say ""hi""",2\n', [['say "hi"', '2']]],
    ['only doubled quotes', 'a,b\n"""",2\n', [['"', '2']]],
    [
      'a line end inside quotes',
      'a,b\n"x\ny",2\n3,4\n',
      [
        ['x\ny', '2'],
        ['3', '4'],
      ],
    ],
    ['a quote inside a bare value', 'a,b\n5" pipe,2\n', [['5" pipe', '2']]],
    ['empty values and quoted empty values', 'a,b,c\n,"",x\n', [[null, null, 'x']]],
    ['the word null in any case', 'a,b,c\nnull,NULL, Null \n', [[null, null, null]]],
    ['words that begin like null', 'a,b\nnullable,nul\n', [['nullable', 'nul']]],
    ['a delimiter at the very end', 'a,b\n1,', [['1', null]]],
    ['blank lines', 'a,b\n\n1,2\n\r\n', [['1', '2']]],
    ['a quoted empty value alone on its line', 'a\n""\n1\n', [[null], ['1']]],
    ['values of nothing but white space', 'a,b\n            ,"\n"\n', [[null, null]]],
    ['spaces kept inside text', 'a,b\n x , y\n', [[' x ', ' y']]],
    ['characters beyond ASCII', 'a,b\nzoë,日本\n', [['zoë', '日本']]],
  ];
  test.each(cases)('%s', (_, text, rows) => {
    expect(read(text).rows).toEqual(rows);
  });

  test('the word null is text when asked', () => {
    expect(read('a\nnull\n', { nullWord: false }).rows).toEqual([['null']]);
  });
});

describe('the delimiter', () => {
  test.each([
    ['semicolons', 'a;b\n1,5;2\n3,5;4\n', ';'],
    ['tabs', 'a\tb\n1\t2\n', '\t'],
    ['bars', 'a|b\n1|2\n', '|'],
    ['one column', 'a\n1\n', ','],
    ['commas in quotes do not count', 'a;b\n"1,1,1";2\n"1,2,3";4\n', ';'],
    ['commas win where both agree less', 'name,address\nx,a;b\ny,c\n', ','],
  ])('%s', (_, text, delimiter) => {
    expect(read(text).delimiter).toBe(delimiter);
  });

  test('one that is set is used', () => {
    expect(read('a,b;c\n1,2;3\n', { delimiter: ';' })).toMatchObject({ header: ['a,b', 'c'], rows: [['1,2', '3']] });
  });
});

describe('what is wrong with a file', () => {
  test.each([
    ['a long row loses its last values', 'a,b\n1,2,3\n', [['1', '2']], ['2 csv-ragged-row']],
    [
      'a short row ends in NULL',
      'a,b\n"1\n1"\n2,3\n',
      [
        ['1\n1', null],
        ['2', '3'],
      ],
      ['2 csv-ragged-row'],
    ],
    [
      'an open quote',
      'a,b\n1,2\n"3,4\n5,6\n',
      [
        ['1', '2'],
        ['3,4\n5,6\n', null],
      ],
      ['3 csv-quote', '3 csv-ragged-row'],
    ],
    ['text behind a quote', 'a,b\n"x"y,2\n', [['xy', '2']], ['2 csv-quote']],
    ['only a header', 'a,b\n', [], ['1 csv-empty']],
    ['nothing', '', [], ['1 csv-empty']],
  ])('%s', (_, text, rows, problems) => {
    const result = read(text);
    expect(result.rows).toEqual(rows);
    expect(result.problems).toEqual(problems);
  });

  test('repeated and empty names are made unique and said', () => {
    expect(read('id,id,,ID\n1,2,3,4\n')).toMatchObject({
      header: ['id', 'id_2', 'c', 'ID_3'],
      problems: ['1 csv-duplicate-header', '1 csv-duplicate-header', '1 csv-duplicate-header'],
    });
  });

  test('many ragged rows are said a few times, then counted', () => {
    const { problems } = read(`a,b\n${'1\n'.repeat(100)}`);
    expect(problems).toHaveLength(6);
    expect(problems[5]).toBe('7 csv-ragged-row');
  });

  test('bytes that are not UTF-8 are named by their line and the rest is read', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('a,b\n1,2\nMu'), 0xfc, ...new TextEncoder().encode('nchen,3\n4,5\n')]);
    expect(read(bytes)).toMatchObject({
      rows: [
        ['1', '2'],
        ['Mu�nchen', '3'],
        ['4', '5'],
      ],
      problems: ['3 file-undecodable'],
    });
  });

  test.each([
    ['UTF-16', new Uint8Array([0xff, 0xfe, 97, 0, 10, 0])],
    ['zero bytes', new Uint8Array([97, 0, 98])],
  ])('%s is no CSV', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ header: [], rows: [], problems: ['1 file-undecodable'] });
  });
});

test('reading twice gives the same rows and says nothing twice', () => {
  const csv = readCsv('a,b\n1\n2,3\n', { path: 'a.csv' });
  const first = [...csv.rows()];
  expect([...csv.rows()]).toEqual(first);
  expect(csv.problems).toHaveLength(1);
});

test('records that span the blocks a file is decoded in are whole', () => {
  const long = 'x\n'.repeat(3_000_000);
  const lines = Array.from({ length: 300_000 }, (_, i) => `${i},"line\n${i}"\n`).join('');
  const { rows, problems } = read(`a,b\n${lines}"${long}",ü\n`);
  expect(rows).toHaveLength(300_001);
  expect(rows.every((row, i) => i === 300_000 || (row[0] === String(i) && row[1] === `line\n${i}`))).toBe(true);
  expect(rows[300_000]).toEqual([long, 'ü']);
  expect(problems).toEqual([]);
});
