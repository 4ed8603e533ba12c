// Builds the page as handler.py serves it: index.html at …/graphiql, all that it loads
// below …/graphiql/, each file compressed once, here. Relative addresses work under any prefix.
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
