import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'headwater-docs-'));

function write(...args: readonly string[]) {
  return spawnSync('node', [join(root, 'dist/cli.js'), 'docs', '--project', join(root, 'test/fixtures/shop'), ...args], {
    encoding: 'utf8',
  });
}

/** Everything that is packed in a page, as text. */
function unpack(file: string): string {
  const parts = readFileSync(file, 'utf8').matchAll(/<script type="text\/plain" id="packed-(?!graph)[^"]*">([^<]*)</g);
  return [...parts].map(([, packed = '']) => gunzipSync(Buffer.from(packed, 'base64')).toString()).join('\n');
}

it('writes one file, or a folder with one', () => {
  const file = join(folder, 'docs.html');
  const { status, stdout } = write('--out', file, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, out: file, nodes: expect.any(Number) });
  write('--out', join(folder, 'site'));
  expect(statSync(join(folder, 'site/index.html')).size).toBe(statSync(file).size);
  expect(readFileSync(file, 'utf8')).toContain("default-src 'none'");
});

it('holds columns, lineage and SQL, and no value of a row unless it is asked for', () => {
  const plain = join(folder, 'plain.html');
  write('--out', plain);
  const text = unpack(plain);
  expect(text).toContain('["model.shop.stg_customers","country","copied","exact"]');
  expect(text).not.toContain('Finn & Sons, Wholesale');
  const full = join(folder, 'full.html');
  write('--out', full, '--with-data');
  expect(unpack(full)).toContain('Finn & Sons, Wholesale');
});

it('needs a place to write to, or a port', () => {
  expect(write().status).toBe(2);
  expect(write('--serve', 'x').stderr).toContain('needs a port');
});
