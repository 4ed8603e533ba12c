// The teams of an organisation, those with the most open alerts first.
import type { TeamsFragment } from '../api/operations';
import { count } from '../format/numbers';
import { teamName } from '../format/words';
import type { PanelContent } from '../parts/panel';
import { ScopeLink } from '../parts/scope-link';
import { inDays, numeric, tableOf } from '../parts/table';

export function teams({ teams: rows, teamBacklogs }: TeamsFragment): PanelContent {
  const overdue = new Map(teamBacklogs.map(row => [row.group, row.overdue]));
  return {
    title: 'Teams',
    note: 'The teams with the most open alerts, and their times in the window.',
    empty: 'No team has an alert.',
    table: tableOf(rows, [
      {
        title: 'Team',
        value: row => row.group,
        shown: row => <ScopeLink team={row.group ?? ''}>{teamName(row.group)}</ScopeLink>,
      },
      numeric('Overdue', row => overdue.get(row.group), count),
      numeric('Open', row => row.openAtEnd, count),
      numeric('Opened', row => row.opened, count),
      numeric('Closed', row => row.closed, count),
      inDays('Median', row => row.median),
      inDays('p90', row => row.p90),
    ]),
  };
}
