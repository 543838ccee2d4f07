import { defineConfig } from 'vitest/config';

// The built window in Debian's Chromium (tests/browser): axe, layout, pictures.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/browser/**/*.test.ts'],
    // Each file has its own Chromium, which leaves a second core to another.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
