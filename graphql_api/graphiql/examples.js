// The first tabs: the example queries of the repository, in the order of their file names, with
// names that the key can read in place of the placeholders.
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

// What the placeholders become: the first organisation, and the repository of its newest alert.
// A deployment without alerts keeps the placeholders.
export async function findNames(request) {
  const filled = { '2026-11': new Date().toISOString().slice(0, 7) };
  const organisation = (await request({ query: ORGANISATIONS })).data?.organisations[0]?.name;
  if (!organisation) return filled;
  filled.orgName = organisation;
  const answer = await request({ query: NEWEST_ALERT, variables: { organisation } });
  const alert = answer.data?.organisation.alerts.data[0];
  if (alert) {
    filled['orgName/repoName'] = alert.repositoryName;
    filled['orgName/repoName/22'] = alert.id;
  }
  return filled;
}

export const exampleTabs = names => queries.map(query => ({ query: fill(query, names) }));

// GraphiQL keeps its tabs in the local storage. An example that was never edited and still has its
// placeholders, for instance from before the first alert arrived, is filled on the next visit.
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
