// The panels of the page, in their order. Each has the fragment of its name in `queries`.
import type { PanelContent } from '../parts/panel';
import { ages } from './ages';
import { cohorts } from './cohorts';
import type { Context } from './context';
import { flow } from './flow';
import { mostOverdue } from './most-overdue';
import { noisyRules } from './noisy-rules';
import { openBySeverity } from './open-by-severity';
import { overdueAlerts } from './overdue-alerts';
import { serviceLevels } from './service-levels';
import { slowest } from './slowest';
import { speed } from './speed';
import { teams } from './teams';

export interface PanelEntry {
  readonly name: string;
  // The title until the data is there.
  readonly title: string;
  readonly content: (data: never, context: Context) => PanelContent;
  readonly isWide?: boolean;
  // Whether it compares the repositories or the teams of an organisation.
  readonly compares?: 'repositories' | 'teams';
}

export const CHARTS: readonly PanelEntry[] = [
  { name: 'Speed', title: 'Time to remediate', content: speed },
  { name: 'Flow', title: 'Opened and closed', content: flow },
  { name: 'OpenBySeverity', title: 'Open alerts by severity', content: openBySeverity },
  { name: 'Ages', title: 'Age of the open alerts', content: ages },
  { name: 'Cohorts', title: 'Share closed, by month of creation', content: cohorts },
  { name: 'ServiceLevels', title: 'Service levels', content: serviceLevels },
];

export const TABLES: readonly PanelEntry[] = [
  {
    name: 'MostOverdue',
    title: 'Repositories with the most overdue alerts',
    content: mostOverdue,
    compares: 'repositories',
  },
  {
    name: 'Slowest',
    title: 'Slowest repositories',
    content: slowest,
    compares: 'repositories',
  },
  { name: 'Teams', title: 'Teams', content: teams, compares: 'teams', isWide: true },
  { name: 'OverdueAlerts', title: 'Overdue alerts', content: overdueAlerts, isWide: true },
  { name: 'NoisyRules', title: 'Noisy rules', content: noisyRules, isWide: true },
];
