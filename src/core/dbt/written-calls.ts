import type { RecordedRef, RecordedSource, Rendering } from './rendering.ts';

/**
 * A rendering that stopped early, completed by the `ref` and `source` calls that its template spells out, so that an error in one line
 * does not cut a model off from its parents. Calls with computed arguments stay unknown.
 */
export function withWrittenCalls(rendering: Rendering, text: string, offset: number): Rendering {
  if (!rendering.cutShort) return rendering;
  const written = findWrittenCalls(text, offset);
  const knownRefs = new Set(rendering.refs.map(keyOfRef));
  const knownSources = new Set(rendering.sources.map(keyOfSource));
  return {
    ...rendering,
    refs: [...rendering.refs, ...written.refs.filter((call) => !knownRefs.has(keyOfRef(call)))],
    sources: [...rendering.sources, ...written.sources.filter((call) => !knownSources.has(keyOfSource(call)))],
  };
}

// Comments and raw blocks come first in the alternation, so that what they hold is passed over.
const tags =
  /\{#[\s\S]*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}[\s\S]*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{\{(?<expression>[\s\S]*?)\}\}|\{%(?<statement>[\s\S]*?)%\}/g;
const calls =
  /(?<![\w.])(?<name>ref|source)\s*\(\s*(?:'(?<a1>[^'\\]*)'|"(?<a2>[^"\\]*)")\s*(?:,\s*(?:'(?<b1>[^'\\]*)'|"(?<b2>[^"\\]*)")\s*)?(?:,\s*v(?:ersion)?\s*=\s*['"]?(?<version>[\w.]+)['"]?\s*)?\)/g;

function findWrittenCalls(
  text: string,
  offset: number,
): { readonly refs: readonly RecordedRef[]; readonly sources: readonly RecordedSource[] } {
  const refs: RecordedRef[] = [];
  const sources: RecordedSource[] = [];
  for (const tag of text.matchAll(tags)) {
    if (tag.groups?.expression === undefined && tag.groups?.statement === undefined) continue;
    for (const call of tag[0].matchAll(calls)) {
      const { name, a1, a2, b1, b2, version } = call.groups ?? {};
      const [first = '', second] = [a1 ?? a2, b1 ?? b2];
      const start = offset + tag.index + call.index;
      const span = { start, end: start + call[0].length };
      if (name === 'source') {
        if (second !== undefined) sources.push({ source: first, table: second, span, guessed: true });
      } else
        refs.push({
          ...(second === undefined ? {} : { package: first }),
          name: second ?? first,
          ...(version === undefined ? {} : { version }),
          span,
          guessed: true,
        });
    }
  }
  return { refs, sources };
}

function keyOfRef(call: RecordedRef): string {
  return JSON.stringify([call.package ?? '', call.name, String(call.version ?? '')]);
}

function keyOfSource(call: RecordedSource): string {
  return JSON.stringify([call.source, call.table]);
}
