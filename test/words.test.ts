import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Phrases that read as translated, each with what to write instead; docs/style.md says why. */
const phrases: readonly (readonly [worst: RegExp, instead: string])[] = [
  [/\band others\b/, 'at least 92 columns'],
  [/\b(stands here|stands as)\b/, 'say what it is: this key, an empty table'],
  [/\bhangs on\b/, 'reads, belongs to'],
  [/\b(nothing|nobody) tells\b/, 'is not known'],
  [/\bsays so\b/, 'the unique test in schema.yml:12'],
  [/\bhears\b/, 'receives, is called with'],
  [/\bis told\b/, 'is shown, is reported'],
  [/\bwhat is asked\b/, 'the question'],
  [/' is no (?!longer)/, "'x' is not a …"],
  [/\bwants (a|an|one|more)\b/, 'needs'],
  [/\bShow the 1\b/, 'Show selected node'],
];

const root = join(import.meta.dirname, '..');

/** Every text between quotes in the code that people use, with its file and line; comments have none. */
function readTexts(): readonly { readonly place: string; readonly text: string }[] {
  const files = ['src', 'webview'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const code = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, at) => {
          if (/^\s*(\/\/|\*|\/\*)/.test(line)) return [];
          const texts = line.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`?/g) ?? [];
          return texts.map((text) => ({ place: `${file}:${at + 1}`, text }));
        }),
    );
  const words = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
  return [...code, ...Object.entries(words).map(([key, text]) => ({ place: `package.nls.json ${key}`, text }))];
}

test('no text that a user can see has one of the worst phrases', () => {
  const found = readTexts().flatMap(({ place, text }) =>
    phrases.flatMap(([worst, instead]) => (worst.test(text) ? [`${place} ${text.slice(0, 120)} — write: ${instead}`] : [])),
  );
  expect(found).toEqual([]);
});
