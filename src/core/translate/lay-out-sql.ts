const clauses =
  /^(with|select|from|where|group by|having|order by|limit|union all|union|except|intersect|(?:left |right |full |cross |inner )?join)\b/i;

/** SQL that was written for an engine, laid out for people: each clause on a line of its own, indented by its brackets. */
export function layOutSql(sql: string): string {
  let shown = '';
  const broken: boolean[] = [];
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
      if (isQuery) newLine();
      continue;
    }
    if (letter === ')') {
      if (broken.pop() === true) newLine();
      shown += ')';
      continue;
    }
    const begins = /\w/.test(letter) && !/[\w.]/.test(sql[at - 1] ?? ' ') && broken.at(-1) !== false;
    const clause = begins ? clauses.exec(sql.slice(at, at + 20))?.[0] : undefined;
    if (clause === undefined) shown += letter;
    else {
      if (shown.trim() !== '' && !/\n\s*$/.test(shown)) newLine();
      shown += clause;
      at += clause.length - 1;
    }
  }
  return shown;
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
