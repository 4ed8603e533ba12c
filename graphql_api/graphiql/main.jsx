// GraphiQL for this service: asks for an API key, keeps it for the tab's session, and shows the
// example queries as the first tabs.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { GraphiQL } from 'graphiql';
import { useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { exampleTabs } from './examples.js';
import { ask, endpoint } from './endpoint.js';
import { forgetKey, readKey, rememberKey } from './key.js';

function KeyForm({ refused, onKey }) {
  const submit = event => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key').trim();
    if (key) onKey(key);
  };
  return (
    <form className="key-form" onSubmit={submit}>
      <h1>GCSMTTR</h1>
      <p>
        <label htmlFor="key">API key for {endpoint.pathname}</label>
      </p>
      <p>
        <input id="key" name="key" type="password" autoComplete="off" autoFocus required />{' '}
        <button type="submit">Open GraphiQL</button>
      </p>
      {refused && <p role="alert">That key is not valid (any more).</p>}
      <p className="hint">It stays in this tab and is forgotten when the tab is closed.</p>
    </form>
  );
}

function Page() {
  const [key, setKey] = useState(readKey);
  const [refused, setRefused] = useState(false);
  const leave = useCallback(isRefused => {
    forgetKey();
    setRefused(isRefused);
    setKey('');
  }, []);
  const fetcher = useCallback(
    parameters => ask(parameters, { key, onRefused: () => leave(true) }),
    [key, leave],
  );
  if (!key) {
    const enter = entered => {
      rememberKey(entered);
      setKey(entered);
    };
    return <KeyForm refused={refused} onKey={enter} />;
  }
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={exampleTabs} isHeadersEditorEnabled={false}>
      <GraphiQL.Logo>
        GCSMTTR{' '}
        <button type="button" className="other-key" onClick={() => leave(false)}>
          Other key
        </button>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(document.getElementById('root')).render(<Page />);
