import { YAMLException } from 'js-yaml';
import { loadYaml } from '../text/load-yaml.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { SourceFile } from './sources.ts';

export type YamlMap = Readonly<Record<string, unknown>>;

/** A YAML file's value and where its mappings begin. */
export interface YamlFile {
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** The line of a mapping that `value` holds; 1 where it is not known. */
  lineOf(map: unknown): number;
}

// A file is one content for as long as it lives, so it is read once however often it is asked for.
const known = new WeakMap<SourceFile, YamlFile>();

/** Reads a YAML file; what cannot be read gives a Problem at its line, and an undefined value. The same file gives the same object. */
export function parseYaml(file: SourceFile): YamlFile {
  const before = known.get(file);
  if (before !== undefined) return before;
  const read = readYaml(file);
  known.set(file, read);
  return read;
}

function readYaml(file: SourceFile): YamlFile {
  const text = file.text;
  const lines = new Map<object, number>();
  const toFile = (value: unknown, problems: readonly Problem[]): YamlFile => ({
    path: file.path,
    text: text ?? '',
    value,
    problems,
    lineOf: (map) => lines.get(map as object) ?? 1,
  });
  if (text === undefined)
    return toFile(undefined, [toProblem('file-undecodable', 'The file is not UTF-8 text: save it as UTF-8.', file.path)]);
  const read = (json: boolean): unknown => {
    const open: number[] = [];
    return loadYaml(text, {
      json,
      // js-yaml tells where each node begins and ends; the first opening of a mapping is where its first key stands.
      listener(event, state) {
        if (event === 'open') {
          open.push(state.line);
          return;
        }
        const line = open.pop() ?? 0;
        const result: unknown = state.result;
        if (typeof result === 'object' && result !== null && !lines.has(result)) lines.set(result, line + 1);
      },
    });
  };
  try {
    return toFile(read(false), []);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
    const map = new LineMap(text);
    const start = map.offset(at);
    const where = map.location(file.path, { start, end: start + 1 });
    // dbt takes the last of two equal keys, so the rest of the file still counts.
    if (/duplicated mapping key/.test(error.reason ?? '')) {
      const problem = toProblem('yaml-duplicate-key', 'This key appears twice, and the last one counts: remove one.', where);
      try {
        return toFile(read(true), [problem]);
      } catch (second) {
        if (!(second instanceof YAMLException)) throw second;
      }
    }
    return toFile(undefined, [toProblem('yaml-syntax', toSentence(error, text, start), where)]);
  }
}

function toSentence(error: YAMLException, text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  if (/^[ ]*\t/.test(text.slice(lineStart, at + 1))) return 'YAML does not allow tabs in the indentation: replace them with spaces.';
  return `The YAML cannot be read: ${error.reason || 'it is malformed'}.`;
}

export function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The mappings of a list; what is no mapping is left out. */
export function toMaps(value: unknown): readonly YamlMap[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

export function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A list of strings, where a single string stands for a list of one. */
export function toTexts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).flatMap((item) => toText(item) ?? []);
}
