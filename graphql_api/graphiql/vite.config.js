// Builds the page for handler.py, which serves index.html at …/graphiql and all other files below
// …/graphiql/. The build compresses each file. Relative addresses work below any prefix.
import { defineConfig } from 'vite';

import { compress } from '../static_site/compress.js';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [compress],
  build: {
    assetsDir: 'graphiql',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4_000,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
