// How many alerts were opened and closed, over time.
import type { FlowFragment } from '../api/operations';
import { day, shortDay } from '../format/dates';
import { count, signed } from '../format/numbers';
import type { PanelContent } from '../parts/panel';
import { numeric, tableOf } from '../parts/table';
import type { Context } from './context';

export function flow({ series }: FlowFragment, { interval }: Context): PanelContent {
  return {
    title: `Opened and closed by ${interval}`,
    note: 'Where the closed bars are higher, the backlog shrinks.',
    chart: {
      labels: series.map(({ periodStart }) => shortDay(periodStart)),
      series: [
        {
          label: 'Opened',
          values: series.map(({ opened }) => opened),
          colour: '--second',
          kind: 'bar',
        },
        {
          label: 'Closed',
          values: series.map(({ closed }) => closed),
          colour: '--accent',
          kind: 'bar',
        },
      ],
      isStacked: false,
      format: count,
    },
    table: tableOf(series, [
      { title: 'From', value: row => row.periodStart, shown: row => day(row.periodStart) },
      numeric('Opened', row => row.opened, count),
      numeric('Closed', row => row.closed, count),
      numeric('Net', row => row.net, signed),
      numeric('Open at the end', row => row.openAtEnd, count),
    ]),
  };
}
