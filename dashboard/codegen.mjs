// Generates src/api/operations.ts: the types of the queries in src/queries, from schema.graphql.
// With --check, it writes nothing and fails if the file is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const folder = join(import.meta.dirname, 'src', 'queries');
const output = join(import.meta.dirname, 'src', 'api', 'operations.ts');

const documents = readdirSync(folder)
  .sort()
  .map(name => ({
    location: name,
    document: parse(readFileSync(join(folder, name), 'utf8')),
  }));
const types = await codegen({
  schema: parse(readFileSync(join(import.meta.dirname, '..', 'schema.graphql'), 'utf8')),
  documents,
  filename: output,
  config: {
    scalars: { Day: 'string', DateTime: 'string' },
    strictScalars: true,
    enumType: 'string-literal',
    immutableTypes: true,
    skipTypename: true,
  },
  plugins: [{ operations: {} }],
  pluginMap: { operations },
});
const content = `// \`npm run dashboard:types\` generates this from schema.graphql and src/queries.\n${types}`;
if (!process.argv.includes('--check')) {
  writeFileSync(output, content);
} else if (readFileSync(output, 'utf8') !== content) {
  console.error('dashboard/src/api/operations.ts is not up to date: npm run dashboard:types');
  process.exit(1);
}
