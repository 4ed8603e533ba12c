// Evaluates JSONata expressions: reads [[expression, value], …] as JSON, and prints the results.
import jsonata from 'jsonata';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const results = [];
for (const [expression, value] of JSON.parse(text))
  results.push((await jsonata(expression).evaluate(value)) ?? null);
process.stdout.write(JSON.stringify(results));
