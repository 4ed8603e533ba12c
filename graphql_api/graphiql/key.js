// The API key: kept in the tab's session storage and nowhere else, and sent to the API alone.
const NAME = 'gcsmttr:api-key';

export const readKey = () => sessionStorage.getItem(NAME) ?? '';
export const rememberKey = key => sessionStorage.setItem(NAME, key);
export const forgetKey = () => sessionStorage.removeItem(NAME);

// A link may bring the key as `#key=…`. Browsers never send a fragment to a server. The key moves
// from the address bar into the session storage, so that it is in no bookmark and no copied address.
export function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (key) rememberKey(key);
  return Boolean(key);
}
