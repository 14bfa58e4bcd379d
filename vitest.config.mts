import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { boundedInTests } from './scripts/bounded-libraries.mjs';

export default defineConfig({
  plugins: [boundedInTests],
  test: {
    // Of two processors the default leaves one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    server: { deps: { inline: ['hyparquet', 'hyparquet-compressors', 'fzstd'] } },
    globalSetup: ['test/support/build-cli.mts'],
    include: ['test/**/*.test.ts'], exclude: ['test/e2e/**', 'test/host/**', '**/node_modules/**'], testTimeout: 30_000 },
});
