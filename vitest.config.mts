import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-cli.mts'],
    include: ['test/**/*.test.ts'], exclude: ['test/e2e/**', 'test/host/**', '**/node_modules/**'], testTimeout: 30_000 },
});
