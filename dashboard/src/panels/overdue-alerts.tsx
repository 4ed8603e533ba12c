// The alerts that have been overdue the longest, with links to GitHub.
import type { OverdueAlertsFragment } from '../api/operations';
import { day } from '../format/dates';
import type { PanelContent } from '../parts/panel';
import { ScopeLink } from '../parts/scope-link';
import { SeverityLabel } from '../parts/severity-label';
import { inDays, tableOf, type Column } from '../parts/table';
import type { Context } from './context';

type Row = OverdueAlertsFragment['overdueAlerts']['data'][number];

const REPOSITORY: Column<Row> = {
  title: 'Repository',
  value: row => row.repositoryName,
  shown: row => <ScopeLink repository={row.repositoryName} />,
};

export function overdueAlerts(
  { overdueAlerts: page }: OverdueAlertsFragment,
  { isRepository }: Context,
): PanelContent {
  const more = page.nextToken ? ` The first ${page.data.length}; the query has the others.` : '';
  return {
    title: 'Overdue alerts',
    note: `Open and past their due date, the oldest first.${more}`,
    empty: 'No alert is overdue.',
    table: tableOf(page.data, [
      {
        title: 'Alert',
        value: row => row.alertURL,
        shown: row => (
          <a href={row.alertURL} target="_blank" rel="noopener noreferrer">
            {row.ruleDescription ?? row.rule ?? row.id}
            <span class="hidden"> (on GitHub)</span>
          </a>
        ),
      },
      {
        title: 'Severity',
        value: row => row.severity,
        shown: row => <SeverityLabel severity={row.severity} />,
      },
      ...(isRepository ? [] : [REPOSITORY]),
      { title: 'Rule', value: row => row.rule, shown: row => row.rule && <code>{row.rule}</code> },
      { title: 'Path', value: placeOf, shown: row => <code>{placeOf(row)}</code> },
      {
        title: 'Due',
        value: row => row.dueAt,
        shown: row => row.dueAt && <time dateTime={row.dueAt}>{day(row.dueAt)}</time>,
      },
      inDays('Age', row => row.age),
    ]),
  };
}

// The file of the alert and the first line, such as `src/app.js:12`.
const placeOf = ({ path, line }: Row): string | null =>
  path === null || line === null ? path : `${path}:${line}`;
