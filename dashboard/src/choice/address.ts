// The choice as the query of the page's address, so that a link shows the same to the next person.
// Values that are not valid are left out, as if they were not in the address. Pure.
import type { Branch, Severity } from '../api/operations';
import { DEFAULTS, isPreset, PRESETS, SEVERITIES } from './choice';
import type { Choice, Days, Definition, Preset } from './choice';
import { isDay } from './window';

const BRANCHES: readonly Branch[] = ['DEFAULT', 'OTHER'];
const DEFINITIONS: readonly Definition[] = ['all', 'github', 'gitlab'];

export function readChoice(search: string): Choice {
  const parameters = new URLSearchParams(search);
  const repository = parameters.get('repository') ?? '';
  const [owner = ''] = repository.split('/');
  return {
    organisation: repository ? owner : (parameters.get('organisation') ?? ''),
    repository,
    team: repository ? null : parameters.get('team'),
    window: readWindow(parameters.get('window')) ?? DEFAULTS.window,
    severities: SEVERITIES.filter(severity => parameters.getAll('severity').includes(severity)),
    tools: [...new Set(parameters.getAll('tool'))],
    branch: oneOf(BRANCHES, parameters.get('branch')) ?? null,
    definition: oneOf(DEFINITIONS, parameters.get('definition')) ?? DEFAULTS.definition,
  };
}

// Returns the query of the address, with its `?`; defaults are left out.
export function searchOf(choice: Choice): string {
  const parameters = new URLSearchParams();
  if (choice.repository) parameters.set('repository', choice.repository);
  else if (choice.organisation) parameters.set('organisation', choice.organisation);
  if (choice.team !== null && !choice.repository) parameters.set('team', choice.team);
  if (choice.window !== DEFAULTS.window) parameters.set('window', windowText(choice.window));
  for (const severity of choice.severities) parameters.append('severity', severity);
  for (const tool of choice.tools) parameters.append('tool', tool);
  if (choice.branch) parameters.set('branch', choice.branch);
  if (choice.definition !== DEFAULTS.definition) parameters.set('definition', choice.definition);
  const text = parameters.toString().replaceAll('%2F', '/');
  return text ? `?${text}` : '';
}

function windowText(window: Preset | Days): string {
  return isPreset(window) ? window : `${window.from}..${window.to}`;
}

function readWindow(text: string | null): Preset | Days | undefined {
  if (text !== null && Object.hasOwn(PRESETS, text)) return text as Preset;
  const [from = '', to = '', ...more] = (text ?? '').split('..');
  return more.length === 0 && isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
}

function oneOf<Value extends Branch | Definition | Severity>(
  values: readonly Value[],
  text: string | null,
): Value | undefined {
  return values.find(value => value === text);
}
