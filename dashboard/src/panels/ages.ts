// How old the open alerts are.
import type { AgesFragment } from '../api/operations';
import { count } from '../format/numbers';
import { severityName } from '../format/words';
import type { PanelContent } from '../parts/panel';
import { inDays, numeric, tableOf } from '../parts/table';

type Row = AgesFragment['ages'][number];

const AGES = [
  { label: 'All', of: (row: Row) => row.open },
  { label: '> 7 d', of: (row: Row) => row.over7 },
  { label: '> 30 d', of: (row: Row) => row.over30 },
  { label: '> 90 d', of: (row: Row) => row.over90 },
  { label: '> 180 d', of: (row: Row) => row.over180 },
  { label: '> 365 d', of: (row: Row) => row.over365 },
] as const;

export function ages({ ages: groups }: AgesFragment): PanelContent {
  const rows = groups.filter(({ open }) => open > 0);
  return {
    title: 'Age of the open alerts',
    note: 'How many of the alerts that are open now were created longer ago than this.',
    empty: 'No alert is open.',
    chart: {
      labels: AGES.map(({ label }) => label),
      series: rows.map(row => ({
        label: severityName(row.group),
        values: AGES.map(({ of }) => of(row)),
        colour: `--severity-${row.group?.toLowerCase()}`,
        kind: 'bar',
      })),
      isStacked: true,
      format: count,
    },
    table: tableOf(rows, [
      { title: 'Severity', value: row => row.group, shown: row => severityName(row.group) },
      ...AGES.map(({ label, of }) =>
        numeric(label === 'All' ? 'Open' : `Open ${label}`, of, count),
      ),
      numeric('Overdue', row => row.overdue, count),
      inDays('Median age', row => row.medianAge),
    ]),
  };
}
