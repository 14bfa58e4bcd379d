import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence texts of every package that may be bundled, as MIT, BSD and Apache-2.0 want: those of the lock file that are not for building alone. */
export function toNotices() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const shipped = Object.entries(packages).filter(([path, { dev, optional }]) => path !== '' && !dev && !optional && existsSync(path));
  const entries = shipped.map(([path]) => toEntry(path)).sort((a, b) => (a < b ? -1 : 1));
  return `Headwater ships parts of the packages below under their own licences.\n\n${[...new Set(entries)].join('\n')}`;
}

function toEntry(path) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const files = readdirSync(path).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(path, file), 'utf8').trim());
  const by = typeof author === 'string' ? author : (author?.name ?? '');
  const text =
    texts.length > 0 ? texts.join('\n\n') : `Licence ${license}${by === '' ? '' : `, by ${by}`}; the package carries no text of it.`;
  return `${'='.repeat(78)}\n${name} ${version} (${license})\n${'='.repeat(78)}\n\n${text}\n`;
}
