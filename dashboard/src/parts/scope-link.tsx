// A link that shows the page for one repository or team, with the rest of the choice as it is.
import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';

import { searchOf } from '../choice/address';
import { DEFAULTS, type Choice } from '../choice/choice';

export interface Navigation {
  readonly choice: Choice;
  readonly go: (choice: Choice) => void;
}

export const NavigationContext = createContext<Navigation>({
  choice: DEFAULTS,
  go: () => undefined,
});

interface Properties {
  readonly repository?: string;
  readonly team?: string;
  readonly children?: ComponentChildren;
}

export function ScopeLink({ repository = '', team, children }: Properties) {
  const { choice, go } = useContext(NavigationContext);
  const target: Choice = { ...choice, repository, team: repository ? null : (team ?? null) };
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(target);
    scrollTo({ top: 0 });
  };
  return (
    <a href={searchOf(target)} onClick={follow}>
      {children ?? repository.slice(repository.indexOf('/') + 1)}
    </a>
  );
}
