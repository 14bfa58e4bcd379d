/** How names, types and sentences of a project are written in the languages of exports, so that none is read as anything but itself. */

/** Anything that ends a line, or that no line can hold. */
const breaks = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu;

const oneLine = (text: string): string => text.replace(breaks, ' ').replace(/\s+/g, ' ').trim();

/** Text between double quotes of Mermaid, which knows entities by `#…;` and would read tags as HTML. */
export function toMermaidText(text: string): string {
  return oneLine(text).replace(/[#"<>`;]/g, (sign) => `#${mermaidEntities[sign] ?? sign.charCodeAt(0)};`);
}

const mermaidEntities: Readonly<Record<string, string>> = { '"': 'quot', '<': 'lt', '>': 'gt' };

export function toDbmlName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `"${oneLine(name).replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

export function toDbmlText(text: string): string {
  return `'${oneLine(text).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

export function toDbmlType(type: string): string {
  if (type === '') return 'unknown';
  return /^[\w(),]+$/.test(type) ? type : `"${oneLine(type).replace(/["\\]/g, "'")}"`;
}

/** A key or a value of D2: its own words, such as `icon`, which loads a picture, are only names between quotes. */
export function toD2Text(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text) && !d2Words.has(text.toLowerCase())) return text;
  return `'${oneLine(text).replace(/'/g, "''")}'`;
}

const d2Words = new Set(
  `label desc shape icon constraint tooltip link near width height direction top left right bottom class classes vars layers scenarios steps style
  grid animated bold border fill filled font italic opacity shadow stroke text underline multiple double source target import null true false`.split(
    /\s+/,
  ),
);

/** Text of PlantUML: signs that mean something to it (`!include`, `%load_json(…)`, `<img:…>`, `[[…]]`) are written by their numbers. */
export function toPlantUmlText(text: string): string {
  return oneLine(text).replace(
    /[^\p{L}\p{N}_ .,():-]/gu,
    (sign) => `<U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

export function toDdlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !ddlWords.has(name) ? name : `"${name.replace(breaks, ' ').replace(/"/g, '""')}"`;
}

const ddlWords = new Set(
  `all and any array as asc both case cast check collate column constraint create cross current_date current_time current_timestamp current_user default
  desc distinct do else end except false fetch for foreign from full grant group having in inner intersect into is join leading left like limit natural not
  null offset on only or order outer primary references right select session_user some table then to trailing true union unique user using when where
  window with`.split(/\s+/),
);

/** A type as DDL takes it; one that could end its column is written as the text type, with a comment. */
export function toDdlType(type: string): string {
  if (type === '') return 'text';
  return /^[\w .,()<>[\]:]+$/.test(type) && isClosed(type) ? type : `text /* ${oneLine(type).replace(/[*/]/g, ' ').slice(0, 200)} */`;
}

/** Whether brackets are balanced, and commas stand inside them only. */
function isClosed(type: string): boolean {
  const open: string[] = [];
  for (const sign of type) {
    const at = '([<'.indexOf(sign);
    if (at !== -1) open.push(')]>'.charAt(at));
    else if (')]>'.includes(sign) && open.pop() !== sign) return false;
    else if (sign === ',' && open.length === 0) return false;
  }
  return open.length === 0;
}

/** A sentence behind `--`. */
export function toDdlComment(text: string): string {
  return oneLine(text);
}
