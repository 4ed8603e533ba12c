// The API key. It is stored only in the session storage of the tab, and sent only to the API.
const NAME = 'gcsmttr:api-key';

export const readKey = () => sessionStorage.getItem(NAME) ?? '';
export const storeKey = key => sessionStorage.setItem(NAME, key);
export const removeKey = () => sessionStorage.removeItem(NAME);

// A link can contain the key as `#key=…`. Browsers never send a fragment to a server. The key moves
// from the address bar to the session storage, so that bookmarks and copied addresses lack it.
// Returns whether the address had a key.
export function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (key) storeKey(key);
  return Boolean(key);
}
