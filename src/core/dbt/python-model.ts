import type { Plain, RefCall, SourceCall } from './environment.ts';

/** What a Python model says of itself without being run: its `dbt.ref`, `dbt.source` and `dbt.config` calls with literal arguments. */
export interface PythonModel {
  readonly refs: readonly (RefCall & { readonly span: { readonly start: number; readonly end: number } })[];
  readonly sources: readonly (SourceCall & { readonly span: { readonly start: number; readonly end: number } })[];
  readonly config: Readonly<Record<string, Plain>>;
}

const call = /\bdbt\s*\.\s*(ref|source|config)\s*\(/g;

export function readPythonModel(text: string): PythonModel {
  const code = blankComments(text);
  const refs: PythonModel['refs'][number][] = [];
  const sources: PythonModel['sources'][number][] = [];
  const config: Record<string, Plain> = {};
  for (const match of code.matchAll(call)) {
    const open = match.index + match[0].length;
    const end = closing(code, open);
    const args = code.slice(open, end);
    const span = { start: match.index, end: end + 1 };
    const texts = [...args.matchAll(/(?:^|,)\s*(?:"([^"\\]*)"|'([^'\\]*)')/g)].map((found) => found[1] ?? found[2] ?? '');
    if (match[1] === 'ref' && texts.length > 0) {
      const version = /\bv(?:ersion)?\s*=\s*["']?([\w.]+)/.exec(args)?.[1];
      refs.push({
        name: texts.at(-1) as string,
        ...(texts.length > 1 ? { package: texts[0] as string } : {}),
        ...(version === undefined ? {} : { version }),
        span,
      });
    } else if (match[1] === 'source' && texts.length > 1) sources.push({ source: texts[0] as string, table: texts[1] as string, span });
    else if (match[1] === 'config')
      for (const found of args.matchAll(/(\w+)\s*=\s*(?:"([^"\\]*)"|'([^'\\]*)'|(True|False|None)|(-?\d+(?:\.\d+)?)|\[([^\]]*)\])/g)) {
        const [, key = '', double, single, word, number, list] = found;
        config[key] =
          word !== undefined
            ? word === 'None'
              ? null
              : word === 'True'
            : number !== undefined
              ? Number(number)
              : list !== undefined
                ? [...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map((item) => item[1] ?? item[2] ?? '')
                : (double ?? single ?? '');
      }
  }
  return { refs, sources, config };
}

function blankComments(text: string): string {
  return text.replace(
    /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*/g,
    (whole, string?: string) => string ?? ' '.repeat(whole.length),
  );
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}
