// The first tabs: the example queries of the repository, in the order of their file names. Names
// that the key can read replace the placeholders.
const files = import.meta.glob('../../examples/queries/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const queries = Object.keys(files)
  .sort()
  .map(file => files[file]);

const ORGANISATIONS = '{ organisations { name } }';
const NEWEST_ALERT = `query ($organisation: String!) {
  organisation(name: $organisation) { alerts(limit: 1) { data { id repositoryName } } }
}`;

// Returns the values of the placeholders: the first organisation, and the repository of its newest
// alert. A deployment without alerts keeps the placeholders.
export async function findNames(send) {
  const names = { '2026-11': new Date().toISOString().slice(0, 7) };
  const organisation = (await send({ query: ORGANISATIONS })).data?.organisations[0]?.name;
  if (!organisation) return names;
  names.orgName = organisation;
  const response = await send({ query: NEWEST_ALERT, variables: { organisation } });
  const alert = response.data?.organisation.alerts.data[0];
  if (alert) {
    names['orgName/repoName'] = alert.repositoryName;
    names['orgName/repoName/22'] = alert.id;
  }
  return names;
}

export const exampleTabs = names => queries.map(query => ({ query: fill(query, names) }));

// GraphiQL stores its tabs in the local storage. On the next visit, this fills the examples that
// still have their placeholders, for example if the first alert arrived after the last visit.
export function fillStoredTabs(names) {
  const tabs = localStorage.getItem('graphiql:tabState');
  const active = localStorage.getItem('graphiql:query');
  if (tabs === null) return;
  let filled = tabs;
  for (const query of queries) {
    const changed = fill(query, names);
    filled = filled.replaceAll(JSON.stringify(query), () => JSON.stringify(changed));
    if (active === query) localStorage.setItem('graphiql:query', changed);
  }
  localStorage.setItem('graphiql:tabState', filled);
}

function fill(query, names) {
  return query.replace(/= "([^"]*)"/g, (whole, placeholder) =>
    placeholder in names ? `= ${JSON.stringify(names[placeholder])}` : whole,
  );
}
