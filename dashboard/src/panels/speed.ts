// The median and the 90th percentile of the time to remediate, over time.
import type { SpeedFragment } from '../api/operations';
import { day, shortDay } from '../format/dates';
import { count, days } from '../format/numbers';
import type { PanelContent } from '../parts/panel';
import { inDays, numeric, tableOf } from '../parts/table';
import type { Context } from './context';

export function speed({ series }: SpeedFragment, { interval }: Context): PanelContent {
  return {
    title: `Time to remediate by ${interval}`,
    note: 'From the creation of an alert to its closing. 90 % took at most the time of p90.',
    chart: {
      labels: series.map(({ periodStart }) => shortDay(periodStart)),
      series: [
        {
          label: 'Median',
          values: series.map(({ median }) => median),
          colour: '--accent',
          kind: 'line',
        },
        {
          label: 'p90',
          values: series.map(({ p90 }) => p90),
          colour: '--second',
          kind: 'line',
        },
      ],
      isStacked: false,
      format: days,
    },
    table: tableOf(series, [
      { title: 'From', value: row => row.periodStart, shown: row => day(row.periodStart) },
      numeric('Closed', row => row.closed, count),
      inDays('Median', row => row.median),
      inDays('p90', row => row.p90),
    ]),
  };
}
