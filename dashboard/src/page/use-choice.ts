// The choice in the address of the page. The browser's history has each earlier choice.
import { useCallback, useEffect, useState } from 'preact/hooks';

import { readChoice, searchOf } from '../choice/address';
import type { Choice } from '../choice/choice';

export type ChangeChoice = (choice: Choice, how?: 'push' | 'replace') => void;

export function useChoice(): readonly [Choice, ChangeChoice] {
  const [choice, setChoice] = useState(() => readChoice(location.search));

  useEffect(() => {
    const back = () => setChoice(readChoice(location.search));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);

  const change = useCallback<ChangeChoice>((next, how = 'push') => {
    const address = location.pathname + searchOf(next);
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    setChoice(next);
  }, []);
  return [choice, change];
}
