import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import * as jsoncParser from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** What each axis of tags may import; see "Boundaries" in CONTRIBUTING.md. */
const boundaries = [
  { sourceTag: 'layer:leaf', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:lib', onlyDependOnLibsWithTags: ['layer:leaf'] },
  { sourceTag: 'layer:engine', onlyDependOnLibsWithTags: ['layer:leaf', 'layer:lib'] },
  {
    sourceTag: 'layer:host',
    onlyDependOnLibsWithTags: ['layer:leaf', 'layer:lib', 'layer:engine'],
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:leaf', 'layer:lib', 'layer:engine', 'layer:host'],
  },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'io:none', onlyDependOnLibsWithTags: ['io:none'] },
  { sourceTag: 'io:fs', onlyDependOnLibsWithTags: ['io:none', 'io:fs'] },
  { sourceTag: 'io:net', onlyDependOnLibsWithTags: ['io:none', 'io:fs', 'io:net'] },
];

/** Modules that reach outside the process: a package tagged `io:none` has none of them. */
const ioModules = [
  'fs',
  'fs/promises',
  'child_process',
  'net',
  'http',
  'https',
  'http2',
  'dgram',
  'tls',
  'worker_threads',
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      '**/reports',
      '**/node_modules',
      '.nx',
      '**/test/fixtures',
      'tools/sample/content',
      '*.shared.d.ts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [js.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      'no-control-regex': 'off',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // What a package has one of for Node.js and one for browsers, by the conditions of `imports`; and
          // the part of a package loaded on demand that loads nothing itself.
          allow: ['#digest', '@holdfast/json-schema/uris'],
          depConstraints: boundaries,
          enforceBuildableLibDependency: true,
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'A library takes its surroundings as arguments.' },
      ],
    },
  },
  {
    files: [
      'packages/{findings,json-schema,manifest,merge,text,transforms,validation}/src/**/*.ts',
      // All but the room that owns files runs in browsers.
      'packages/catalog-diff/src/!(snapshots|testing)/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ioModules.flatMap((name) => [name, `node:${name}`]) },
      ],
    },
  },
  {
    files: [
      '**/*.test.ts',
      '**/test/**/*.ts',
      '**/attack/**/*.ts',
      '**/bench/**',
      '**/vitest.config.ts',
      'tools/**',
    ],
    rules: {
      'no-console': 'off',
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  {
    files: [
      'tools/**/*.js',
      '**/bench/**/*.js',
      'apps/*/bin/*.js',
      '**/*.config.js',
      '*.shared.js',
      '**/test/prepare-readme.js',
      'apps/*/*.js',
    ],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
  {
    // An app bundles what it uses: only libraries declare it for those who install them.
    files: ['packages/*/package.json'],
    languageOptions: { parser: jsoncParser },
    plugins: { '@nx': nx },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/vitest.config.ts',
            '{projectRoot}/**/*.test.ts',
            '{projectRoot}/test/**',
            '{projectRoot}/attack/**',
            '{projectRoot}/bench/**',
            '{projectRoot}/esbuild.config.js',
            '{projectRoot}/eslint.config.js',
          ],
          checkVersionMismatches: false,
          // type-schemas names its types only; the compiler that it runs is the one that the generator brings.
          // sync brings yaml, the optional peer that @holdfast/merge/yaml imports.
          ignoredDependencies: ['typescript', 'yaml'],
        },
      ],
    },
  },
  {
    // What is small in a test is long in a repository.
    files: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
          message:
            'A list that is spread into a call overflows the stack when it is long: add its items in a loop.',
        },
      ],
    },
  },
);
