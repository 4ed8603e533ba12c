// The rules with the largest share of false positives.
import type { NoisyRulesFragment } from '../api/operations';
import { count, share } from '../format/numbers';
import { toolName } from '../format/words';
import type { PanelContent } from '../parts/panel';
import { SeverityLabel } from '../parts/severity-label';
import { numeric, tableOf } from '../parts/table';

export function noisyRules({ rules }: NoisyRulesFragment): PanelContent {
  return {
    title: 'Noisy rules',
    note: 'The largest shares of false positives among the alerts closed in the window.',
    empty: 'No rule has an alert.',
    table: tableOf(rules, [
      {
        title: 'Rule',
        value: row => row.key,
        shown: row => <span title={row.description ?? ''}>{row.key || 'Without a rule'}</span>,
      },
      { title: 'Tool', value: row => row.tool, shown: row => toolName(row.tool) },
      {
        title: 'Severity',
        value: row => row.severity,
        shown: row => <SeverityLabel severity={row.severity} />,
      },
      numeric('False positives', row => row.falsePositiveShare, share),
      numeric('Closed', row => row.closed, count),
      numeric('Opened', row => row.opened, count),
      numeric('Open', row => row.open, count),
    ]),
  };
}
