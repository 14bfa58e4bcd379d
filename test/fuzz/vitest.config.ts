import { defineConfig } from 'vitest/config';

/** The long runs: `npm run fuzz`, with FUZZ_TEMPLATES and FUZZ_SEED. */
export default defineConfig({ test: { include: ['test/fuzz/**/*.fuzz.ts'] } });
