// The form in which the user enters the API key.
import { useEffect, useRef } from 'preact/hooks';

import { endpoint } from '../../../graphql_api/graphiql/endpoint.js';
import { Logo } from './logo';

interface Properties {
  readonly isRejected: boolean;
  readonly onKey: (key: string) => void;
}

export function SignIn({ isRejected, onKey }: Properties) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const key = input.current!.value.trim();
    if (key) onKey(key);
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>
          <Logo /> GCSMTTR
        </h1>
        <p class="hint">How fast code scanning alerts are remediated.</p>
        <label for="key">API key</label>
        <div class="key-line">
          <input
            ref={input}
            id="key"
            name="key"
            type="password"
            placeholder="gcsmttr_…"
            autocomplete="off"
            required
            spellcheck={false}
            aria-describedby={isRejected ? 'key-rejected key-hint' : 'key-hint'}
            aria-invalid={isRejected}
          />
          <button type="submit" class="primary">
            Open the dashboard
          </button>
        </div>
        {isRejected && (
          <p id="key-rejected" class="failure" role="alert">
            This key is not valid. Check that you copied all of it, or ask for a new one.
          </p>
        )}
        <p id="key-hint" class="hint">
          The key stays in this browser tab until you close it. It is sent to{' '}
          <code>{endpoint.pathname}</code> only. GraphiQL in the same tab uses it, too.
        </p>
      </form>
    </main>
  );
}
