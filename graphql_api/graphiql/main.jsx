// GraphiQL for this API. The page asks for an API key, stores it for the session of the tab, and
// shows the example queries as the first tabs.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { GraphiQL } from 'graphiql';
import { useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { exampleTabs, fillStoredTabs, findNames } from './examples.js';
import { sendRequest } from './endpoint.js';
import { readKey, removeKey, storeKey, takeKeyFromAddress } from './key.js';
import { KeyForm } from './key-form.jsx';
import { takeDocumentFromAddress } from './linked-document.js';
import { showActiveTab } from './tabs.js';

function Editor({ apiKey, linked, onLeave }) {
  const [names, setNames] = useState(null);
  const fetcher = useCallback(
    parameters =>
      sendRequest(parameters, {
        key: apiKey,
        onKeyRejected: () => onLeave({ keyRejected: true }),
      }),
    [apiKey, onLeave],
  );
  useEffect(() => {
    let shown = true;
    findNames(fetcher)
      .catch(() => ({}))
      .then(found => {
        if (!shown) return;
        fillStoredTabs(found);
        setNames(found);
      });
    return () => {
      shown = false;
    };
  }, [fetcher]);
  useEffect(() => {
    if (names) showActiveTab();
  }, [names]);
  if (!names) {
    return (
      <p className="loading" role="status">
        Loading …
      </p>
    );
  }
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={[...(linked ? [linked] : []), ...exampleTabs(names)]}
      {...(linked && { initialQuery: linked.query, initialVariables: linked.variables })}
      isHeadersEditorEnabled={false}
      onTabChange={showActiveTab}
      schemaDescription
    >
      <GraphiQL.Logo>
        <span className="product">GCSMTTR</span>
        {import.meta.env.VITE_DASHBOARD !== 'false' && (
          <a className="graphiql-button dashboard" href="dashboard">
            Dashboard
          </a>
        )}
        <button
          type="button"
          className="graphiql-button other-key"
          onClick={() => onLeave({ keyRejected: false })}
        >
          Other key
        </button>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

function Page() {
  const [key, setKey] = useState(readKey);
  const [rejected, setRejected] = useState(false);
  const leave = useCallback(({ keyRejected }) => {
    removeKey();
    setRejected(keyRejected);
    setKey('');
  }, []);
  useEffect(() => {
    // If a link with a key is opened in this tab, only the fragment changes and nothing is loaded.
    const take = () => takeKeyFromAddress() && setKey(readKey());
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const enter = entered => {
    storeKey(entered);
    setKey(entered);
  };
  if (!key) return <KeyForm rejected={rejected} onKey={enter} />;
  return <Editor key={key} apiKey={key} linked={linked} onLeave={leave} />;
}

const linked = takeDocumentFromAddress();
takeKeyFromAddress();
createRoot(document.getElementById('root')).render(<Page />);
