// A link can contain a document as `#query=…&variables=…`, as the links of the dashboard do. Browsers
// never send a fragment to a server. Returns the document and removes it from the address bar, so that
// a reload keeps what the user changed since. Null if the address has none.
export function takeDocumentFromAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const query = parameters.get('query');
  if (!query) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return { query, variables: parameters.get('variables') ?? '{}' };
}
