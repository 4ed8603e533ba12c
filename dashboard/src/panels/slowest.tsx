// The repositories with the longest median time to remediate.
import type { SlowestFragment } from '../api/operations';
import { count } from '../format/numbers';
import type { PanelContent } from '../parts/panel';
import { ScopeLink } from '../parts/scope-link';
import { inDays, numeric, tableOf } from '../parts/table';

export function slowest({ slowest: rows }: SlowestFragment): PanelContent {
  return {
    title: 'Slowest repositories',
    note: 'The longest median time to remediate in the window.',
    empty: 'No alert was closed in the window.',
    table: tableOf(
      rows.filter(({ closed }) => closed > 0),
      [
        {
          title: 'Repository',
          value: row => row.group,
          shown: row => <ScopeLink repository={row.group ?? ''} />,
        },
        inDays('Median', row => row.median),
        inDays('p90', row => row.p90),
        numeric('Closed', row => row.closed, count),
        numeric('Open', row => row.openAtEnd, count),
      ],
    ),
  };
}
