import { defineConfig } from 'vitest/config';

// The built window in Debian's Chromium (tests/browser): axe, layout, pictures.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
