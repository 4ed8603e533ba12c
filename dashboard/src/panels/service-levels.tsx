// How many alerts were closed by their due date.
import type { ServiceLevelsFragment } from '../api/operations';
import { count, share } from '../format/numbers';
import { SeverityLabel } from '../parts/severity-label';
import type { PanelContent } from '../parts/panel';
import { inDays, numeric, tableOf } from '../parts/table';

export function serviceLevels({ levels }: ServiceLevelsFragment): PanelContent {
  return {
    title: 'Service levels',
    note: 'The alerts that were due in the window, and how many were closed in time.',
    empty: 'No severity of this choice has a target.',
    table: tableOf(levels, [
      {
        title: 'Severity',
        value: row => row.severity,
        shown: row => <SeverityLabel severity={row.severity} />,
      },
      inDays('Target', row => row.targetDays),
      numeric('Due', row => row.due, count),
      numeric('In time', row => row.met, count),
      numeric('Late', row => row.late, count),
      numeric('Open', row => row.open, count),
      numeric('Compliance', row => row.compliance, share),
    ]),
  };
}
