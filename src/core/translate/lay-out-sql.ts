const clauses =
  /^(with|select|from|where|group by|having|order by|limit|union all|union|except|intersect|(?:left |right |full |cross |inner )?join)\b/i;

/** So long may the items of a SELECT be to stay on its line. */
const widest = 80;

/** SQL that was written for an engine, laid out for people: clauses, and items of long lists, on lines of their own, indented by brackets. */
export function layOutSql(sql: string): string {
  let shown = '';
  const broken: boolean[] = [];
  /** For each query that is open, whether its SELECT is being read and is long. */
  const lists: boolean[] = [false];
  const newLine = (): void => {
    shown = `${shown.trimEnd()}\n${'  '.repeat(broken.filter(Boolean).length)}`;
  };
  for (let at = 0; at < sql.length; at++) {
    const letter = sql[at] ?? '';
    if (letter === "'" || letter === '"') {
      const end = endOfQuote(sql, at);
      shown += sql.slice(at, end);
      at = end - 1;
      continue;
    }
    if (letter === '(') {
      // Brackets around a query are opened up; those of calls and lists stay on their line.
      const isQuery = /^\(\s*(select|with)\b/i.test(sql.slice(at, at + 20));
      broken.push(isQuery);
      shown += '(';
      if (isQuery) {
        lists.push(false);
        newLine();
      }
      continue;
    }
    if (letter === ')') {
      if (broken.pop() === true) {
        lists.pop();
        newLine();
      }
      shown += ')';
      continue;
    }
    if (letter === ',' && lists.at(-1) === true && broken.at(-1) !== false) {
      shown += ',';
      newLine();
      shown += '  ';
      while (sql[at + 1] === ' ') at++;
      continue;
    }
    const begins = /\w/.test(letter) && !/[\w.]/.test(sql[at - 1] ?? ' ') && broken.at(-1) !== false;
    const clause = begins ? clauses.exec(sql.slice(at, at + 20))?.[0] : undefined;
    if (clause === undefined) shown += letter;
    else {
      if (shown.trim() !== '' && !/\n\s*$/.test(shown)) newLine();
      shown += clause;
      at += clause.length - 1;
      lists[lists.length - 1] = /^select$/i.test(clause) && lengthOfList(sql, at + 1) > widest;
    }
  }
  return shown;
}

/** How far it is to the clause behind a SELECT. */
function lengthOfList(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    const letter = sql[at] ?? '';
    if (letter === "'" || letter === '"') at = endOfQuote(sql, at) - 1;
    else if (letter === '(') depth++;
    else if (letter === ')' && depth-- === 0) return at - start;
    else if (depth === 0 && letter === ' ' && /^ (from|union|except|intersect)\b/i.test(sql.slice(at, at + 11))) return at - start;
  }
  return sql.length - start;
}

function endOfQuote(sql: string, start: number): number {
  const quote = sql[start] ?? '';
  for (let at = start + 1; at < sql.length; at++)
    if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  return sql.length;
}
