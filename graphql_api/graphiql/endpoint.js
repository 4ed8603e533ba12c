// The address of the API: beside this page, under whatever path both are mounted.
export const endpoint = new URL('graphql', location.href.replace(/[?#].*$/, '').replace(/\/+$/, ''));

export async function ask(parameters, { key, onRefused }) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      'x-api-key': key,
    },
    body: JSON.stringify(parameters),
  });
  if (response.status === 401) onRefused();
  return response.json();
}
