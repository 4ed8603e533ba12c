// How many alerts were open, by severity, over time.
import type { OpenBySeverityFragment, Severity } from '../api/operations';
import { SEVERITIES } from '../choice/choice';
import { day, shortDay } from '../format/dates';
import { count } from '../format/numbers';
import { severityName } from '../format/words';
import type { PanelContent } from '../parts/panel';
import { numeric, tableOf } from '../parts/table';

export function openBySeverity({ bySeverity }: OpenBySeverityFragment): PanelContent {
  const starts = [...new Set(bySeverity.map(({ periodStart }) => periodStart))];
  const open = new Map(bySeverity.map(row => [`${row.periodStart} ${row.group}`, row.openAtEnd]));
  const numberOf = (start: string, severity: Severity): number =>
    open.get(`${start} ${severity}`) ?? 0;
  const severities = SEVERITIES.filter(severity =>
    starts.some(start => numberOf(start, severity) > 0),
  );
  return {
    title: 'Open alerts by severity',
    note: 'The number open at the end of each interval.',
    empty: 'No alert was open.',
    chart: {
      labels: starts.map(shortDay),
      series: severities.map(severity => ({
        label: severityName(severity),
        values: starts.map(start => numberOf(start, severity)),
        colour: `--severity-${severity.toLowerCase()}`,
        kind: 'area',
      })),
      isStacked: true,
      format: count,
    },
    table: tableOf(severities.length > 0 ? starts : [], [
      { title: 'From', value: start => start, shown: day },
      ...severities.map(severity =>
        numeric(severityName(severity), (start: string) => numberOf(start, severity), count),
      ),
    ]),
  };
}
