// The address of the API. It is next to this page, below any prefix.
export const endpoint = new URL('graphql', location.href.replace(/[?#].*$/, '').replace(/\/+$/, ''));

// Sends a GraphQL request and returns the body of the response. A 401 also calls onKeyRejected.
export async function sendRequest(parameters, { key, onKeyRejected }) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      'x-api-key': key,
    },
    body: JSON.stringify(parameters),
  });
  if (response.status === 401) onKeyRejected();
  return response.json();
}
