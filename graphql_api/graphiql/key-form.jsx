// The form in which the user enters the API key.
import { endpoint } from './endpoint.js';
import iconAddress from './icon.svg';

export function KeyForm({ rejected, onKey }) {
  const submit = event => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key').trim();
    if (key) onKey(key);
  };
  return (
    <main className="key-page">
      <form className="key-form" onSubmit={submit}>
        <h1>
          <img src={iconAddress} alt="" width="32" height="32" /> GCSMTTR
        </h1>
        <p className="hint">How fast code scanning alerts are remediated, as a GraphQL API.</p>
        <label htmlFor="key">API key</label>
        <div className="key-line">
          <input
            id="key"
            name="key"
            type="password"
            placeholder="gcsmttr_…"
            autoComplete="off"
            autoFocus
            required
            spellCheck="false"
            aria-describedby={rejected ? 'key-rejected key-hint' : 'key-hint'}
            aria-invalid={rejected}
          />
          <button type="submit">Open GraphiQL</button>
        </div>
        {rejected && (
          <p id="key-rejected" role="alert">
            This key is not valid. Check that you copied all of it, or ask for a new one.
          </p>
        )}
        <p id="key-hint" className="hint">
          The key stays in this browser tab until you close it. It is sent to{' '}
          <code>{endpoint.pathname}</code> only.
        </p>
      </form>
    </main>
  );
}
