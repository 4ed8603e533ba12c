// The share of the alerts created in each month that were closed within some days.
import type { CohortsFragment } from '../api/operations';
import { month } from '../format/dates';
import { count, share } from '../format/numbers';
import type { PanelContent } from '../parts/panel';
import { numeric, tableOf } from '../parts/table';

type Row = CohortsFragment['cohorts'][number];

const DAYS = [
  { label: 'within 7 days', of: (row: Row) => row.within7, colour: '--cohort-7' },
  { label: 'within 30 days', of: (row: Row) => row.within30, colour: '--cohort-30' },
  { label: 'within 90 days', of: (row: Row) => row.within90, colour: '--cohort-90' },
] as const;

export function cohorts({ cohorts: rows }: CohortsFragment): PanelContent {
  return {
    title: 'Share closed, by month of creation',
    note: 'Alerts that are still open count, too. A share appears when its days have passed.',
    chart: {
      labels: rows.map(({ periodStart }) => month(periodStart)),
      series: DAYS.map(({ label, of, colour }) => ({
        label,
        values: rows.map(of),
        colour,
        kind: 'line',
      })),
      isStacked: false,
      format: share,
      most: 1,
    },
    table: tableOf(rows, [
      { title: 'Created in', value: row => row.periodStart, shown: row => month(row.periodStart) },
      numeric('Opened', row => row.opened, count),
      numeric('Closed', row => row.closed, count),
      ...DAYS.map(({ label, of }) => numeric(`Closed ${label}`, of, share)),
    ]),
  };
}
