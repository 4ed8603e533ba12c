// The page of a subject: what is chosen, and its numbers.
import { useEffect, useMemo } from 'preact/hooks';

import type { Send } from '../api/response';
import { graphiqlAddress } from '../api/graphiql-address';
import type { CardsFragment, ChoicesFragment } from '../api/operations';
import type { Choice } from '../choice/choice';
import { subjectOf, windowText } from '../choice/description';
import { targetOf } from '../choice/variables';
import { Cards, cardsOf } from '../panels/cards';
import { NavigationContext } from '../parts/scope-link';
import { Failure } from './failure';
import { Filters } from './filters';
import { PanelGrid } from './panel-grid';
import { ScopePicker } from './scope-picker';
import type { ChangeChoice } from './use-choice';
import { usePanels } from './use-panels';
import { Warnings } from './warnings';

interface Properties {
  readonly send: Send;
  readonly choice: Choice;
  readonly change: ChangeChoice;
  readonly organisations: readonly string[];
  readonly onRejected: () => void;
}

export function Overview({ send, choice, change, organisations, onRejected }: Properties) {
  const { groups, isLoading, error, warnings, failures, data } = usePanels(send, choice);
  const subject = subjectOf(choice);

  useEffect(() => {
    if (error?.reason === 'unauthorized') onRejected();
  }, [error]);
  useEffect(() => {
    document.title = `${subject} · GCSMTTR`;
  }, [subject]);

  const navigation = useMemo(() => ({ choice, go: change }), [choice, change]);
  const tools = (data as Partial<ChoicesFragment>).tools ?? [];
  const hasCards = 'window' in data && 'dueBefore' in data;
  const cardsFailure = failures.get('Cards');
  return (
    <NavigationContext.Provider value={navigation}>
      <ScopePicker send={send} choice={choice} change={change} organisations={organisations} />
      <Filters choice={choice} change={change} tools={tools} />
      {error && error.reason !== 'unauthorized' && <Failure error={error} />}
      {cardsFailure && <Failure error={cardsFailure} />}
      <Warnings warnings={warnings} />
      <p class="hidden" role="status">
        {isLoading ? 'Loading the numbers.' : `The numbers of ${subject} are shown.`}
      </p>
      <div id="numbers" class={isLoading ? 'busy' : ''} aria-busy={isLoading}>
        <h2 class="printed">
          {subject}, {windowText(choice.window)}
        </h2>
        {hasCards ? (
          <Cards
            cards={cardsOf(data as unknown as CardsFragment)}
            graphiql={graphiqlAddress('Cards', targetOf(choice))}
          />
        ) : (
          !error && <div class="cards placeholder" />
        )}
        {!error && <PanelGrid choice={choice} groups={groups} />}
      </div>
    </NavigationContext.Provider>
  );
}
