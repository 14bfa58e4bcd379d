import { describe, expect, it } from 'vitest';
import { findCompiledPlace, findWrittenPlace, type TextRange } from '../../../src/core/editor/compiled-place.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { LineMap } from '../../../src/core/text/span.ts';
import { readShop } from '../../support/project.ts';

const text = `{{ config(materialized='table') }}
select id, {{ cents('amount') }} as amount
from {{ ref('orders') }}
where {% if true %}id > 1{% endif %}`;

const shop = readShop({
  'models/orders.sql': 'select 1 as id, 2 as amount',
  'models/paid.sql': text,
  'macros/cents.sql': '{% macro cents(column) %}({{ column }} / 100){% endmacro %}',
});
const paid = 'model.shop.paid' as NodeId;
const compiled = shop.texts.get(paid)?.rendering.sql ?? '';

function rangeOf(within: string, words: string): TextRange {
  const start = within.indexOf(words);
  const lines = new LineMap(within);
  return { start: lines.position(start), end: lines.position(start + words.length) };
}

function textAt(within: string, range: TextRange | undefined): string | undefined {
  const lines = new LineMap(within);
  return range === undefined ? undefined : within.slice(lines.offset(range.start), lines.offset(range.end));
}

describe('a place in a model and in its compiled SQL', () => {
  it.each([
    ['select id', 'select id'],
    ["cents('amount')", '(amount / 100)'],
    ["{{ ref('orders') }}", '"db"."sch"."orders"'],
    ['id > 1', 'id > 1'],
    ['id, {{ cents', 'id, (amount / 100)'],
  ])('%s is %s', (written, shown) => {
    expect(textAt(compiled, findCompiledPlace(shop, paid, rangeOf(text, written)))).toBe(shown);
  });

  it.each([
    ['select id', 'select id'],
    ['amount / 100', "{{ cents('amount') }}"],
    ['"orders"', "{{ ref('orders') }}"],
    ['id > 1', 'id > 1'],
  ])('%s was written as %s', (shown, written) => {
    expect(textAt(text, findWrittenPlace(shop, paid, rangeOf(compiled, shown)))).toBe(written);
  });

  it('is nowhere for what left no text', () => {
    expect(findCompiledPlace(shop, paid, rangeOf(text, 'config'))).toBeUndefined();
    expect(findCompiledPlace(shop, 'model.shop.none' as NodeId, rangeOf(text, 'id'))).toBeUndefined();
  });
});
