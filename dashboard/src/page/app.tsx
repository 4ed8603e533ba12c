// Who is signed in: the form for the key, or the dashboard of a key.
import { useEffect, useState } from 'preact/hooks';

import {
  readKey,
  removeKey,
  storeKey,
  takeKeyFromAddress,
} from '../../../graphql_api/graphiql/key.js';
import { Dashboard } from './dashboard';
import { SignIn } from './sign-in';

export function App() {
  const [key, setKey] = useState<string>(readKey);
  const [isRejected, setRejected] = useState(false);

  useEffect(() => {
    // If a link with a key is opened in this tab, only the fragment changes and nothing is loaded.
    const take = () => {
      if (takeKeyFromAddress()) setKey(readKey());
    };
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);

  const enter = (entered: string) => {
    storeKey(entered);
    setRejected(false);
    setKey(entered);
  };
  const leave = (rejected: boolean) => {
    removeKey();
    setRejected(rejected);
    setKey('');
  };
  if (!key) return <SignIn isRejected={isRejected} onKey={enter} />;
  return <Dashboard key={key} apiKey={key} onLeave={leave} />;
}
