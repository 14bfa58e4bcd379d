import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Every sentence that the extension host asks to have in the reader's language. */
function wanted(): string[] {
  const files = readdirSync('src/extension', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(`src/extension/${file}`, 'utf8');
    for (const [, single, double] of text.matchAll(/l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g))
      found.add((single ?? double ?? '').replace(/\\(['"\\])/g, '$1'));
  }
  return [...found].sort();
}

it('the bundle for translators holds every sentence of the extension, and no other', () => {
  const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, string>;
  expect(Object.keys(bundle).sort()).toEqual(wanted());
  for (const [key, value] of Object.entries(bundle)) expect(value).toBe(key);
});

it('no sentence is put together where it is asked for', () => {
  const files = readdirSync('src/extension', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const made = files.filter((file) => /l10n\.t\(\s*[^'"\s]/.test(readFileSync(`src/extension/${file}`, 'utf8')));
  expect(made).toEqual([]);
});
