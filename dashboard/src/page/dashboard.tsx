// The page of a key: it finds the organisations, and shows the chosen one.
import { useCallback, useEffect, useMemo } from 'preact/hooks';

import { sender } from '../api/client';
import type { StartQuery } from '../api/operations';
import start from '../queries/start.graphql?raw';
import { Empty } from './empty';
import { Failure } from './failure';
import { Header } from './header';
import { Overview } from './overview';
import { useChoice } from './use-choice';
import { useLoaded } from './use-loaded';

interface Properties {
  readonly apiKey: string;
  readonly onLeave: (isRejected: boolean) => void;
}

export function Dashboard({ apiKey, onLeave }: Properties) {
  const [choice, change] = useChoice();
  const send = useMemo(() => sender(apiKey), [apiKey]);
  const load = useCallback(
    async (signal: AbortSignal) => (await send(start, {}, signal)).data as unknown as StartQuery,
    [send],
  );
  const { data, error } = useLoaded(load);
  const organisations = data?.organisations;
  const [first] = organisations ?? [];

  useEffect(() => {
    if (error?.reason === 'unauthorized') onLeave(true);
  }, [error]);
  useEffect(() => {
    if (!choice.organisation && first) change({ ...choice, organisation: first.name }, 'replace');
  }, [choice, first]);

  return (
    <>
      <Header onLeave={() => onLeave(false)} />
      <main id="content" tabIndex={-1}>
        {error && <Failure error={error} />}
        {organisations?.length === 0 && !choice.organisation && <Empty />}
        {choice.organisation && (
          <Overview
            send={send}
            choice={choice}
            change={change}
            organisations={organisations?.map(({ name }) => name) ?? []}
            onRejected={() => onLeave(true)}
          />
        )}
      </main>
    </>
  );
}
