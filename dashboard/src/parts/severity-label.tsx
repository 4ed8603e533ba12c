// A severity with its colour.
import type { Severity } from '../api/operations';
import { severityName } from '../format/words';

export function SeverityLabel({ severity }: { severity: Severity | null }) {
  if (!severity) return null;
  return (
    <span class="severity">
      <i class="swatch area" style={{ '--swatch': `var(--severity-${severity.toLowerCase()})` }} />
      {severityName(severity)}
    </span>
  );
}
