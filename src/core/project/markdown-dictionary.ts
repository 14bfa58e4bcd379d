import type { DeclaredColumn, DeclaredConstraint, Provenance } from './node.ts';

/** What a Markdown document says of one table. */
export interface MarkdownTable {
  /** As the heading names it, without the ending of a file and without what stands beside it: `accounts_raw`. */
  readonly name: string;
  /** The file, where the heading names one: `accounts_raw.csv`. */
  readonly file?: string;
  readonly description: string;
  readonly columns: readonly DeclaredColumn[];
  readonly constraints: readonly DeclaredConstraint[];
  readonly from: Provenance;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

const columnWords = /^(column|field|attribute|property)s?( ?names?)?$|^name$/i;
const typeWords = /^((data|column|field) ?)?types?$/i;
const descriptionWords = /^(descriptions?|definitions?|meaning|notes?|comments?|details?|what it (is|means)|explanation)$/i;
const keyWords = /^(keys?|constraints?|pk ?\/ ?fk|key type)$/i;
const tableWords = /^((table|file|model|dataset|source|seed)s?)( ?names?)?$/i;

/** Reads the data dictionaries in a Markdown document: tables of columns under a heading or bold line that names a table, and lists of tables. */
export function readMarkdownDictionary(text: string, path: string): readonly MarkdownTable[] {
  const lines = withoutFences(text);
  const found: MarkdownTable[] = [];
  let subject: { readonly name: string; readonly file?: string; readonly line: number; depth: number } | undefined;
  let prose: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line;
    const heading = readHeading(line.text);
    if (heading !== undefined) {
      const name = findTableName(heading.text);
      if (name !== undefined) {
        subject = { ...name, line: line.number, depth: heading.depth };
        prose = [];
      } else if (subject === undefined || heading.depth <= subject.depth) subject = undefined;
      continue;
    }
    if (!isRow(line.text) || !isRule(lines[at + 1]?.text)) {
      const bullet = /^\s*[-*+]\s+(?:\*\*|__)`?([A-Za-z]\w*_\w+)`?(?:\*\*|__)\s*[:–—-]+\s*(\S.*)$/.exec(line.text);
      if (bullet?.[1] !== undefined)
        found.push({
          name: bullet[1],
          description: toPlain(bullet[2] ?? ''),
          columns: [],
          constraints: [],
          from: { path, line: line.number, kind: 'markdown' },
        });
      if (subject !== undefined && line.text.trim() !== '') prose.push(line.text.trim());
      continue;
    }
    const header = toCells(line.text);
    const rows: { cells: readonly string[]; line: number }[] = [];
    for (at += 2; at < lines.length && isRow(lines[at]?.text ?? ''); at++)
      rows.push({ cells: toCells(lines[at]?.text ?? ''), line: lines[at]?.number ?? 0 });
    at--;
    const places = findPlaces(header);
    if (places.table !== undefined && places.column === undefined && places.description !== undefined)
      found.push(...rows.flatMap((row) => toListed(row, places.table ?? 0, places.description ?? 0, path)));
    else if (places.column !== undefined && places.table !== undefined) found.push(...toTablesOfOneList(rows, places.table, places, path));
    else if (places.column !== undefined && subject !== undefined)
      found.push(toTable(subject, subject.line, prose.splice(0).join(' '), rows, places, path));
  }
  return found;
}

/** The lines outside code fences and comments, with their numbers. */
function withoutFences(text: string): readonly Line[] {
  let fence: string | undefined;
  const blank = text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''));
  return blank.split(/\r\n?|\n/).flatMap((line, i) => {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      return [];
    }
    if (mark !== undefined) {
      fence = mark.slice(0, 3);
      return [];
    }
    return [{ text: line, number: i + 1 }];
  });
}

/** A heading, or a line that is nothing but bold and so stands for one below all headings. */
function readHeading(text: string): { readonly text: string; readonly depth: number } | undefined {
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(text);
  if (heading) return { text: heading[2] ?? '', depth: heading[1]?.length ?? 1 };
  const bold = /^\s*(?:[-*]\s+|\d+\.\s+)?(?:\*\*|__)(.+?)(?:\*\*|__)\s*:?\s*$/.exec(text) ?? /^\s*(`[^`]+`)\s*:?\s*$/.exec(text);
  return bold ? { text: bold[1] ?? '', depth: 7 } : undefined;
}

const filePattern = /([\w$.-]+)\.(csv|tsv|sql|parquet|json|xlsx?)\b/i;
const namePattern = /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){0,2}$/;
const ordinaryWords = new Set(
  'overview schema tables columns data dictionary reference introduction description usage notes license setup architecture'.split(' '),
);

/** The table that a heading names: in backticks, as a file, or as the one word that can be a name. */
function findTableName(heading: string): { readonly name: string; readonly file?: string } | undefined {
  const code = /`([^`]+)`/.exec(heading)?.[1]?.trim();
  const bare = (code ?? heading).replace(/[*_]{2}|\[|\]\([^)]*\)/g, '').trim();
  const file = filePattern.exec(bare);
  if (file) return { name: file[1] ?? '', file: file[0] };
  if (code !== undefined && namePattern.test(code)) return { name: code };
  const plain = bare
    .replace(/^[^\w`]+/u, '')
    .replace(/^(\d+(\.\d+)*[.)]?\s+)?((table|model|view|source|seed|dataset|file|entity)\s*[:\-–—]?\s+)?/i, '')
    .replace(/\s*(\(.*\)|[:–—].*)$/, '')
    .replace(/\s+(table|model|view|data|file)$/i, '')
    .trim();
  if (!namePattern.test(plain) || ordinaryWords.has(plain.toLowerCase())) return undefined;
  return { name: plain };
}

interface Places {
  readonly column: number | undefined;
  readonly type: number | undefined;
  readonly description: number | undefined;
  readonly key: number | undefined;
  readonly table: number | undefined;
}

function findPlaces(header: readonly string[]): Places {
  const place = (words: RegExp) => {
    const at = header.findIndex((cell) => words.test(cell));
    return at === -1 ? undefined : at;
  };
  return {
    column: place(columnWords),
    type: place(typeWords),
    description: place(descriptionWords),
    key: place(keyWords),
    table: place(tableWords),
  };
}

function isRow(text: string): boolean {
  return /\S?\s*\|/.test(text);
}

function isRule(text: string | undefined): boolean {
  return text !== undefined && text.includes('-') && text.includes('|') && /^[\s|:-]+$/.test(text);
}

/** The cells of a row; bars in backticks or behind a backslash separate nothing. */
function toCells(text: string): readonly string[] {
  const inside = text
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  const cells = inside.match(/(?:`[^`]*`|\\.|[^|\\`]|\\$|`)*(?:\||$)/g) ?? [];
  if (cells.at(-1) === '' && cells.length > 1 && !inside.endsWith('|')) cells.pop();
  return cells.map((cell) => cell.replace(/\|$/, '').replaceAll('\\|', '|').trim());
}

function toPlain(cell: string): string {
  return cell
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\*\*(.+?)\*\*/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<br\s*\/?>/gi, ' ')
    .trim();
}

type Row = { readonly cells: readonly string[]; readonly line: number };

function toTable(
  subject: { readonly name: string; readonly file?: string },
  line: number,
  description: string,
  rows: readonly Row[],
  places: Places,
  path: string,
): MarkdownTable {
  const columns = rows.flatMap((row) => toColumn(row, places, subject.name, path));
  return {
    name: subject.name,
    ...(subject.file !== undefined && { file: subject.file }),
    description: toPlain(description),
    columns,
    constraints: columns.flatMap((column) => column.constraints),
    from: { path, line, kind: 'markdown' },
  };
}

/** One list for several tables, the table named in a cell of each row; an empty cell repeats the one above. */
function toTablesOfOneList(rows: readonly Row[], table: number, places: Places, path: string): readonly MarkdownTable[] {
  const groups = new Map<string, Row[]>();
  let last = '';
  for (const row of rows) {
    last = toPlain(row.cells[table] ?? '') || last;
    if (last !== '') groups.set(last, [...(groups.get(last) ?? []), row]);
  }
  return [...groups].map(([name, group]) =>
    toTable(findTableName(`\`${name}\``) ?? { name }, group[0]?.line ?? 1, '', group, places, path),
  );
}

/** A row of a list of tables: a name and what it holds, but no columns. */
function toListed(row: Row, table: number, description: number, path: string): readonly MarkdownTable[] {
  const name = findTableName(`\`${toPlain(row.cells[table] ?? '')}\``);
  const text = toPlain(row.cells[description] ?? '');
  return name === undefined || text === ''
    ? []
    : [{ ...name, description: text, columns: [], constraints: [], from: { path, line: row.line, kind: 'markdown' } }];
}

function toColumn({ cells, line }: Row, places: Places, table: string, path: string): readonly DeclaredColumn[] {
  const name = toPlain(cells[places.column ?? 0] ?? '')
    .replace(/\s*[🔑*†]+$/u, '')
    .replace(/\s*\((pk|fk)\)$/i, '');
  if (name === '' || !/^[\w$][\w$ ./-]*$/.test(name)) return [];
  const cell = (place: number | undefined) => (place === undefined ? '' : toPlain(cells[place] ?? ''));
  const [type, description] = [cell(places.type), cell(places.description)];
  const from: Provenance = { path, line, kind: 'markdown' };
  const said = [cells[places.column ?? 0] ?? '', description, cell(places.key), type].join(' ; ');
  return [
    {
      name,
      ...(type !== '' && { type: type.replace(/\s*\((pk|fk)\)$/i, '') }),
      ...(description !== '' && { description, descriptionFrom: from }),
      tags: [],
      meta: {},
      constraints: readKeys(said, name, table, from),
      from,
    },
  ];
}

const notTables = /^(the|a|an|this|that|each|one|its|their|all|other|another|which|by|via|column|key|it|account and|external)$/i;

/** The keys that a description speaks of: "Primary Key", "Foreign Key", "Links to accounts table", "linked to this site". */
export function readKeys(text: string, column: string, table: string, from: Provenance): readonly DeclaredConstraint[] {
  const constraints: DeclaredConstraint[] = [];
  const columns = [column];
  if (/\bprimary[ _-]?key\b|\bPK\b/i.test(text)) constraints.push({ kind: 'primary_key', columns, from });
  else if (
    /\bunique\b(?!\s+(users?|visitors?|count|customers|accounts|events|values))/i.test(text) &&
    /\b(unique)\b.*\b(id|identifier|key)\b/i.test(text)
  )
    constraints.push({ kind: 'unique', columns, from });
  if (/\bnot null\b|\bnon-?null(able)?\b/i.test(text)) constraints.push({ kind: 'not_null', columns, from });
  const target = findTarget(text);
  const isForeign = /\bforeign[ _-]?key\b|\bFK\b/i.test(text) || target !== undefined || linkedToThis.test(text);
  if (isForeign) {
    const entity = target?.table ?? guessTarget(column);
    if (entity !== undefined && entity.toLowerCase() !== table.toLowerCase())
      constraints.push({
        kind: 'foreign_key',
        columns,
        to: entity,
        ...(target?.column !== undefined && { toColumns: [target.column] }),
        from,
      });
  }
  return constraints;
}

/** "Customer ID linked to this site", in the table of sites, speaks of the row itself: the column's own name tells what it points to. */
const linkedToThis = /\b(?:linked|related|belonging|assigned)\s+to\s+this\s/i;

/** The table that a description points to, and its column where it is named too. */
function findTarget(text: string): { readonly table: string; readonly column?: string } | undefined {
  const precise =
    /\b(?:foreign[ _-]?key|FK|references?|refers|links?|linked|points?|joins?|maps?|related|belongs)\b[^.;|]*?(?:\bto\b|\bof\b|\bin\b|→|->|:|\(|\breferences?\b)?\s*`?\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)\b/i.exec(
      text,
    );
  if (precise?.[1] && precise[2] && precise[2].toLowerCase() !== 'csv') return { table: precise[1], column: precise[2] };
  const called =
    /\b(?:references?|links?|linked|points?|refers|joins?|maps?|related|belongs)(?:\s+(?:to|with))?\s+(?:the\s+|this\s+|an?\s+|its\s+)?`?([A-Za-z_]\w*)`?(?:\s*\(([A-Za-z_]\w*)\))?/i.exec(
      text,
    ) ?? /\b(?:foreign[ _-]?key|FK)\s*(?:to|→|->|:)\s*(?:the\s+)?`?([A-Za-z_]\w*)`?(?:\s*\(([A-Za-z_]\w*)\))?/i.exec(text);
  const table = called?.[1];
  if (table === undefined || notTables.test(table) || linkedToThis.test(text)) return undefined;
  return { table, ...(called?.[2] !== undefined && !/^foreign$/i.test(called[2]) && { column: called[2] }) };
}

/** What a column such as `account_id` would point to; its plural is left to whoever knows the tables. */
function guessTarget(column: string): string | undefined {
  return /^(\w+?)_?(id|key|uuid|sk|fk)$/i.exec(column)?.[1];
}
