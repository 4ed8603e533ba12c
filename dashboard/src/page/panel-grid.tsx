// All panels of the page. The content of a panel is made once for each response.
import { useMemo } from 'preact/hooks';

import { fieldsOf } from '../api/documents';
import { graphiqlAddress } from '../api/graphiql-address';
import type { Loaded } from '../api/load';
import type { Choice } from '../choice/choice';
import { subjectOf, windowText } from '../choice/description';
import { targetOf } from '../choice/variables';
import { windowVariables } from '../choice/window';
import { NAMES_OF_INTERVALS } from '../format/dates';
import type { Context } from '../panels/context';
import type { PanelEntry } from '../panels/panels';
import { Panel, type PanelContent } from '../parts/panel';
import type { PanelGroup } from './use-panels';

interface Properties {
  readonly choice: Choice;
  readonly groups: readonly PanelGroup[];
}

export function PanelGrid({ choice, groups }: Properties) {
  return (
    <div class="panels">
      {groups.flatMap(({ entries, loaded }) =>
        entries.map(entry => (
          <LoadedPanel key={entry.name} entry={entry} loaded={loaded} choice={choice} />
        )),
      )}
    </div>
  );
}

interface PanelProperties {
  readonly entry: PanelEntry;
  readonly loaded: Loaded | undefined;
  readonly choice: Choice;
}

function LoadedPanel({ entry, loaded, choice }: PanelProperties) {
  const content = useMemo(() => contentOf(entry, loaded, choice), [entry, loaded]);
  return (
    <Panel
      name={entry.name}
      title={entry.title}
      subject={`${subjectOf(choice)}, ${windowText(choice.window)}`}
      content={content}
      failure={loaded?.failures.get(entry.name)}
      graphiql={graphiqlAddress(entry.name, targetOf(choice))}
      isWide={entry.isWide ?? false}
    />
  );
}

function contentOf(
  entry: PanelEntry,
  loaded: Loaded | undefined,
  choice: Choice,
): PanelContent | undefined {
  const isThere = loaded && fieldsOf(entry.name).every(field => field in loaded.data);
  if (!isThere) return undefined;
  const context: Context = {
    interval: NAMES_OF_INTERVALS[windowVariables(choice.window).interval],
    isRepository: choice.repository !== '',
  };
  return entry.content(loaded.data as never, context);
}
