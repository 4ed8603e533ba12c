// The choice in words. Pure.
import { teamName } from '../format/words';
import { isPreset, PRESETS, type Choice } from './choice';

export function subjectOf({ organisation, repository, team }: Choice): string {
  if (repository) return repository;
  return team === null ? organisation : `${organisation}: ${teamName(team)}`;
}

export function windowText(window: Choice['window']): string {
  return isPreset(window) ? `last ${PRESETS[window]}` : `${window.from} to ${window.to}`;
}
