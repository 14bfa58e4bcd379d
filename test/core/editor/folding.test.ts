import { describe, expect, it } from 'vitest';
import { findFoldings } from '../../../src/core/editor/folding.ts';

const folds = (text: string): string[] =>
  findFoldings(text).map(({ start, end, kind }) => `${start}-${end}${kind === 'comment' ? ' comment' : ''}`);

describe('what folds in a SQL file', () => {
  it.each([
    ['a CTE, down to the line before its bracket', 'with a as (\n  select 1\n    as x\n)\nselect * from a', ['1-3']],
    ['brackets inside brackets', 'select coalesce(\n  max(\n    x\n  ),\n  1\n)\nfrom t', ['1-5', '2-3']],
    ['CASE', 'select\n  case\n    when a then 1\n  end as b', ['2-3']],
    ['branches of Jinja, one by one', '{% if a %}\none\n{% elif b %}\ntwo\n{% else %}\nthree\n{% endif %}', ['1-2', '3-4', '5-6']],
    ['loops and macros', '{% macro m() %}\n{% for a in b %}\nx\n{% endfor %}\n{% endmacro %}', ['1-4', '2-3']],
    ['a tag over several lines', "{{ config(\n  materialized='table'\n) }}\nselect 1", ['1-3']],
    ['a block of SET, but not an assignment', '{% set a %}\nx\n{% endset %}\n{% set b = 1 %}\ny', ['1-2']],
    ['comments', '/* one\ntwo */\n-- three\n-- four\nselect 1\n{# five\nsix #}', ['1-2 comment', '3-4 comment', '6-7 comment']],
    ['no brackets in strings, comments and raw blocks', "select '(\n', -- (\n{% raw %}({% endraw %}\n1\n", []],
    ['no bracket that only one branch closes', 'select (\n{% if a %}\n1)\n{% else %}\n2)\n{% endif %}', ['2-3', '4-5']],
    ['what is left open does not fold', 'with a as (\nselect 1\n', []],
  ])('%s', (_, text, expected) => {
    expect(folds(text)).toEqual(expected);
  });
});
