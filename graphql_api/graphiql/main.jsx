// GraphiQL for this service: asks for an API key, keeps it for the tab's session, and shows the
// example queries as the first tabs.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { GraphiQL } from 'graphiql';
import { useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { exampleTabs, fillStoredTabs, findNames } from './examples.js';
import { ask } from './endpoint.js';
import { forgetKey, readKey, rememberKey, takeKeyFromAddress } from './key.js';
import { KeyForm } from './key-form.jsx';
import { showActiveTab } from './tabs.js';

function Editor({ keyOfApi, onLeave }) {
  const [names, setNames] = useState(null);
  const fetcher = useCallback(
    parameters => ask(parameters, { key: keyOfApi, onRefused: () => onLeave(true) }),
    [keyOfApi, onLeave],
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
      defaultTabs={exampleTabs(names)}
      isHeadersEditorEnabled={false}
      onTabChange={showActiveTab}
      schemaDescription
    >
      <GraphiQL.Logo>
        <span className="product">GCSMTTR</span>
        <button type="button" className="graphiql-button other-key" onClick={() => onLeave(false)}>
          Other key
        </button>
      </GraphiQL.Logo>
    </GraphiQL>
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
  useEffect(() => {
    // A link with a key that is opened over this page changes the fragment and loads nothing.
    const take = () => takeKeyFromAddress() && setKey(readKey());
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const enter = entered => {
    rememberKey(entered);
    setKey(entered);
  };
  if (!key) return <KeyForm refused={refused} onKey={enter} />;
  return <Editor key={key} keyOfApi={key} onLeave={leave} />;
}

takeKeyFromAddress();
createRoot(document.getElementById('root')).render(<Page />);
