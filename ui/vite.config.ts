import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Messages are compiled by `npm run messages`, which every script that needs them runs first.
  plugins: [svelte()],
  build: {
    // The window's content policy allows no `data:` fonts.
    assetsInlineLimit: 0,
    // The oldest WebKitGTK and WKWebView that know OKLCH and color-mix.
    target: ['safari16.4', 'chrome111'],
  },
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  test: {
    environment: 'happy-dom',
    include: ['tests/unit/**/*.test.ts'],
    setupFiles: ['tests/unit/setup.ts'],
    // Of the system's zone only the emergency number is read, where the diary does not open.
    env: { TZ: 'UTC' },
    // The whole window is drawn anew in each, also where other things are being built meanwhile.
    testTimeout: 60_000,
  },
});
