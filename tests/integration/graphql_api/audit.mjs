// Runs the server audit of graphql-http against a URL with a key and prints every result as JSON.
import { auditServer } from 'graphql-http';

const [url, key] = process.argv.slice(2);
const fetchFn = (to, init = {}) =>
  fetch(to, { ...init, headers: { ...init.headers, 'x-api-key': key } });
const results = await auditServer({ url, fetchFn });
const shown = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
process.stdout.write(JSON.stringify(shown));
