import { readFileSync } from 'node:fs';

/** Expressions over the table `v` that call one function, or use one operator. */
export interface CorpusEntry {
  readonly name: string;
  readonly expressions: readonly string[];
}

/** Reads a corpus: a line for each function, its name, a tab, then expressions with tabs between them; a whole query begins with SELECT or WITH. */
export function readCorpus(file: string): readonly CorpusEntry[] {
  return readFileSync(`test/core/differential/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...expressions] = line.split(/\t+/);
      return { name, expressions };
    });
}

/** The query that an expression stands for. */
export function toQuery(expression: string): string {
  return /^(select|with)\b/i.test(expression) ? expression : `select ${expression} as r from v order by id`;
}
