// Libraries that read compressed data trust the sizes that stand in it: a file of a few bytes ends the process, or takes gigabytes. What they
// lack is put in here, as bundles are built and as tests run; a new version of theirs whose text differs is refused.
import { readFileSync } from 'node:fs';

/** What is replaced, by the end of a file's path. */
const bounds = {
  'hyparquet/src/encoding.js': [
    // A run may claim two thousand million values: V8 ends the process when an array grows so far.
    ['const count = header >>> 1\n', 'const count = Math.min(header >>> 1, output.length - seen)\n'],
    // So may a group of packed values, which take no bytes where their width is 0.
    ['let count = header >> 1 << 3 // values to read', 'let count = Math.min((header >>> 1) * 8, output.length - seen)'],
  ],
  'hyparquet/src/delta.js': [
    // A value may claim to begin with more than the value before it has.
    [
      '    if (prefixData[i]) {\n',
      "    if (prefixData[i] > (output[i - 1]?.length ?? 0)) throw new Error('parquet value is longer than what it repeats')\n    if (prefixData[i]) {\n",
    ],
  ],
  'fzstd/esm/index.mjs': [
    // The window is reserved whole; 128 MB is what the zstd program itself takes unless it is told otherwise.
    ['if (ws > 2145386496)', 'if (ws > 134217728)'],
    ["'window size too large (>2046MB)'", "'window size too large (>128MB)'"],
  ],
};

/** The text of a library's file with its bounds; undefined for any other file. */
function boundLibrary(path, read = () => readFileSync(path, 'utf8')) {
  const found = Object.entries(bounds).find(([end]) => path.replaceAll('\\', '/').endsWith(`node_modules/${end}`));
  if (found === undefined) return undefined;
  return found[1].reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(`${found[0]} has no single '${from.trim()}': look at its new version, and at scripts/bounded-libraries.mjs`);
    return text.replace(from, () => to);
  }, read());
}

/** For esbuild. */
export const boundedLibraries = {
  name: 'bounded-libraries',
  setup(build) {
    build.onLoad({ filter: /[\\/](hyparquet|fzstd)[\\/].*\.m?js$/ }, ({ path }) => {
      const contents = boundLibrary(path);
      return contents === undefined ? undefined : { contents, loader: 'js' };
    });
  },
};

/** For Vite, which runs the tests. */
export const boundedInTests = {
  name: 'bounded-libraries',
  enforce: 'pre',
  load: (id) => boundLibrary(id.split('?')[0] ?? id),
};
