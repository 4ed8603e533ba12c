// What the normalized caches of Apollo Client and urql need to know about this API:
//   new InMemoryCache({ typePolicies })   Apollo Client
//   cacheExchange({ keys })               urql, with @urql/exchange-graphcache

/** The types without an id. Their objects belong to the object that contains them. */
const embedded = [
  "Access",
  "Backlog",
  "MetricsPoint",
  "PaginatedAlerts",
  "PaginatedOrganisationOverviews",
  "PaginatedRepositoryOverviews",
  "RepositoryFacts",
  "RuleMetrics",
  "ServiceLevel",
  "ServiceLevelTarget",
];

/** The types with an id. A query can leave it out: then their objects are embedded, too. */
const identified = ["Alert", "OrganisationOverview", "RepositoryOverview", "Scope"];

const forEach = <T>(names: string[], value: T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value]));

export const typePolicies = forEach([...embedded, ...identified], { merge: true });

export const keys = {
  ...forEach(embedded, () => null),
  ...forEach(identified, (found: { id?: string }): string | null => found.id ?? null),
};
