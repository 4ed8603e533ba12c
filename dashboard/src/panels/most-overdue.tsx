// The repositories with the most overdue alerts.
import type { MostOverdueFragment } from '../api/operations';
import { count } from '../format/numbers';
import type { PanelContent } from '../parts/panel';
import { ScopeLink } from '../parts/scope-link';
import { inDays, numeric, tableOf } from '../parts/table';

export function mostOverdue({ mostOverdue: rows }: MostOverdueFragment): PanelContent {
  return {
    title: 'Repositories with the most overdue alerts',
    note: 'Open now and past the due date of their severity.',
    empty: 'No repository has an open alert.',
    table: tableOf(
      rows.filter(({ open }) => open > 0),
      [
        {
          title: 'Repository',
          value: row => row.group,
          shown: row => <ScopeLink repository={row.group ?? ''} />,
        },
        numeric('Overdue', row => row.overdue, count),
        numeric('Open', row => row.open, count),
        inDays('Median age', row => row.medianAge),
      ],
    ),
  };
}
