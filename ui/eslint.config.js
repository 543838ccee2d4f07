import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist/', 'src/paraglide/', 'src/ipc/generated/', 'tests/pictures/', 'project.inlang/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      'svelte/no-at-html-tags': 'error',
      // The window's content policy refuses style attributes in HTML; use a class or `style:`.
      'svelte/no-inline-styles': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@tauri-apps/*'],
              message: 'Only src/ipc talks to the shell: use call() or onShow() from there.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/ipc/index.ts'], rules: { 'no-restricted-imports': 'off' } },
);
