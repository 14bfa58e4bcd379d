import { convert, type Piece, quoted, type Writing } from './piece.ts';
import type { Expression } from './tree.ts';

const givesJson = new Set(['json', 'json_array', 'json_object', 'json_group_array']);

/** One text of JSON for a value: what stands between the commas of an array. */
export function jsonItem(writer: Writing, expression: Expression): string {
  if (expression.kind === 'call' && givesJson.has(expression.name))
    return `coalesce(${convert(writer.expression(expression), 'text').sql}, 'null')`;
  return jsonText(writer.expression(expression));
}

/** A value as JSON writes it. */
export function jsonText(piece: Piece): string {
  switch (piece.storage) {
    case 'null':
      return "'null'";
    case 'integer':
    case 'float':
      return `coalesce(cast(${piece.sql} as varchar), 'null')`;
    case 'boolean':
      return `coalesce(cast(cast(${piece.sql} as integer) as varchar), 'null')`;
    case 'unknown':
      return `coalesce(hw_json_any(${piece.sql}), 'null')`;
    default:
      return piece.constant === undefined || piece.storage !== 'text'
        ? `coalesce(hw_json_text(${convert(piece, 'text').sql}), 'null')`
        : quoted(JSON.stringify(piece.constant));
  }
}
