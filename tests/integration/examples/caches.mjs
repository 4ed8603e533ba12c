// Sends documents with Apollo Client and with urql, and reads each response from their caches.
// Prints the warnings of both as JSON. The argument is a file with the documents.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keys, typePolicies } from './caches.js';

const { url, key, documents, configured } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const headers = { 'x-api-key': key };
const complaints = { apollo: [], urql: [] };

const listen = (client) => {
  for (const level of ['warn', 'error']) {
    console[level] = (...words) => complaints[client].push(words.map(String).join(' '));
  }
};

listen('apollo');
const apollo = new ApolloClient({
  cache: new InMemoryCache(configured ? { typePolicies } : {}),
  link: new HttpLink({ uri: url, headers }),
});
for (const { query, variables } of documents) {
  const options = { query: gql(query), variables };
  const { data } = await apollo.query({ ...options, fetchPolicy: 'network-only' });
  if (!isDeepStrictEqual(apollo.readQuery(options), data)) {
    complaints.apollo.push(`the cache differs from the response to ${query}`);
  }
}

listen('urql');
const urql = new Client({
  url,
  exchanges: [cacheExchange(configured ? { keys } : {}), fetchExchange],
  fetchOptions: { headers },
  preferGetMethod: false,
});
for (const { query, variables } of documents) {
  const { data, error } = await urql.query(query, variables, { requestPolicy: 'network-only' });
  const cached = await urql.query(query, variables, { requestPolicy: 'cache-only' });
  if (error || !data || !isDeepStrictEqual(cached.data, data)) {
    complaints.urql.push(`the cache differs from the response to ${query}: ${error}`);
  }
}

process.stdout.write(JSON.stringify(complaints));
