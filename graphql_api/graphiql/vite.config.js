// Builds the page for handler.py, which serves index.html at …/graphiql and all other files below
// …/graphiql/. The build compresses each file. Relative addresses work below any prefix.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { defineConfig } from 'vite';

let folder;
const compress = {
  name: 'compress',
  configResolved(config) {
    folder = resolve(config.root, config.build.outDir);
  },
  closeBundle() {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      rmSync(file);
    }
  },
};

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
