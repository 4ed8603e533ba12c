// The window, the filter, and whose definition counts.
import type { Branch, ChoicesFragment } from '../api/operations';
import { SECURITY_SEVERITIES, SEVERITIES } from '../choice/choice';
import type { Choice, Definition } from '../choice/choice';
import { severityName, toolName } from '../format/words';
import { CheckMenu } from '../parts/check-menu';
import type { ChangeChoice } from './use-choice';
import { WindowPicker } from './window-picker';

const BRANCHES: readonly { value: Branch | ''; label: string }[] = [
  { value: '', label: 'All' },
  { value: 'DEFAULT', label: 'Default branch' },
  { value: 'OTHER', label: 'Other branches' },
];
const DEFINITIONS: readonly { value: Definition; label: string; note: string }[] = [
  { value: 'all', label: 'All closings', note: '' },
  {
    value: 'github',
    label: 'GitHub’s overview',
    note:
      'As GitHub’s security overview counts: the default branch, security severities, CodeQL unless ' +
      'you choose another tool, and false positives do not count as closed.',
  },
  {
    value: 'gitlab',
    label: 'GitLab’s: fixed only',
    note: 'As GitLab counts: only alerts that were fixed count as closed.',
  },
];

interface Properties {
  readonly choice: Choice;
  readonly change: ChangeChoice;
  readonly tools: ChoicesFragment['tools'];
}

export function Filters({ choice, change, tools }: Properties) {
  const isGithub = choice.definition === 'github';
  const severities = isGithub ? SECURITY_SEVERITIES : SEVERITIES;
  const names = new Set([...tools.map(({ group }) => group ?? ''), ...choice.tools]);
  const note = DEFINITIONS.find(({ value }) => value === choice.definition)?.note;
  return (
    <div class="filters" role="group" aria-label="Filters">
      <WindowPicker window={choice.window} onChange={window => change({ ...choice, window })} />
      <CheckMenu
        label="Severity"
        options={severities.map(value => ({ value, label: severityName(value) }))}
        chosen={choice.severities}
        onChange={chosen => change({ ...choice, severities: chosen })}
      />
      <CheckMenu
        label="Tool"
        options={[...names].map(value => ({ value, label: toolName(value) }))}
        chosen={choice.tools}
        onChange={chosen => change({ ...choice, tools: chosen })}
      />
      <label class="field">
        <span class="field-label">Branch</span>
        <select
          name="branch"
          value={isGithub ? 'DEFAULT' : (choice.branch ?? '')}
          disabled={isGithub}
          onChange={event =>
            change({ ...choice, branch: (event.currentTarget.value || null) as Branch | null })
          }
        >
          {BRANCHES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-label">Closed as</span>
        <select
          name="definition"
          value={choice.definition}
          onChange={event =>
            change({ ...choice, definition: event.currentTarget.value as Definition })
          }
        >
          {DEFINITIONS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {note && <p class="note definition">{note}</p>}
    </div>
  );
}
