// Loads the panels of a choice with two requests: the charts, and the tables.
import { useCallback, useState } from 'preact/hooks';

import type { ApiError, Send, Warning } from '../api/response';
import { loadPanels, type Loaded } from '../api/load';
import type { Choice } from '../choice/choice';
import { targetOf } from '../choice/variables';
import { CHARTS, TABLES, type PanelEntry } from '../panels/panels';
import { useLoaded } from './use-loaded';

// Panels that are loaded together, and their data once it is there.
export interface PanelGroup {
  readonly entries: readonly PanelEntry[];
  readonly loaded: Loaded | undefined;
}

export interface Panels {
  readonly groups: readonly PanelGroup[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly failures: ReadonlyMap<string, ApiError>;
  readonly warnings: readonly Warning[];
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
}

const NOT_CONFIGURED = 'team_not_configured';

export function usePanels(send: Send, choice: Choice): Panels {
  // A deployment without teams reports it once; then the page does not ask for them again.
  const [hasTeams] = useState({ current: true });

  const loadCharts = useCallback(
    (signal: AbortSignal) =>
      loadPanels(send, ['Choices', 'Cards', ...namesOf(CHARTS)], targetOf(choice), signal),
    [send, choice],
  );
  const loadTables = useCallback(
    async (signal: AbortSignal) => {
      const wanted = namesOf(comparable(TABLES, choice, hasTeams.current));
      const loaded = await loadPanels(send, wanted, targetOf(choice), signal);
      if (loaded.failures.get('Teams')?.reason === NOT_CONFIGURED) hasTeams.current = false;
      return loaded;
    },
    [send, choice],
  );
  const charts = useLoaded(loadCharts);
  const tables = useLoaded(loadTables);
  const all = [charts.data, tables.data].filter(loaded => loaded !== undefined);
  return {
    groups: [
      { entries: CHARTS, loaded: charts.data },
      { entries: comparable(TABLES, choice, hasTeams.current), loaded: tables.data },
    ],
    data: charts.data?.data ?? {},
    failures: new Map(all.flatMap(({ failures }) => [...failures])),
    warnings: all.flatMap(({ warnings }) => warnings),
    error: charts.error ?? tables.error,
    isLoading: charts.isLoading || tables.isLoading,
  };
}

// Returns the panels that compare something within the subject, and those that compare nothing.
function comparable(
  panels: readonly PanelEntry[],
  choice: Choice,
  hasTeams: boolean,
): readonly PanelEntry[] {
  const isOrganisation = choice.repository === '';
  return panels.filter(({ compares }) => {
    if (compares === 'teams') return isOrganisation && choice.team === null && hasTeams;
    return compares === undefined || isOrganisation;
  });
}

const namesOf = (panels: readonly PanelEntry[]): string[] => panels.map(({ name }) => name);
