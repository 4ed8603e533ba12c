// Builds the page for graphql_api/dashboard/handler.py, which serves index.html at …/dashboard and all
// other files below …/dashboard/. The build compresses each file. Relative addresses work below any
// prefix.
import { defineConfig } from 'vite';

import { compress } from '../graphql_api/static_site/compress.js';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [compress],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    assetsDir: 'dashboard',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  test: { include: ['tests/**/*.test.ts'] },
});
