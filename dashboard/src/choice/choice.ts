// What the page shows: the subject, the window, the filter, and whose definition counts. Pure.
import type { Branch, Severity } from '../api/operations';

export type Definition = 'all' | 'github' | 'gitlab';
export type Preset = '30d' | '90d' | '12m';

// The days of an own window, both inclusive, such as `2026-11-23`.
export interface Days {
  readonly from: string;
  readonly to: string;
}

export interface Choice {
  readonly organisation: string;
  // `owner/name`; empty for the organisation or a team.
  readonly repository: string;
  // Null for all teams. The empty string is the group of repositories without a team.
  readonly team: string | null;
  readonly window: Preset | Days;
  readonly severities: readonly Severity[];
  readonly tools: readonly string[];
  readonly branch: Branch | null;
  readonly definition: Definition;
}

export const PRESETS: Readonly<Record<Preset, string>> = {
  '30d': '30 days',
  '90d': '90 days',
  '12m': '12 months',
};
export const SEVERITIES: readonly Severity[] = [
  'CRITICAL',
  'HIGH',
  'MEDIUM',
  'LOW',
  'ERROR',
  'WARNING',
  'NOTE',
  'NONE',
];
// The severities that GitHub's security overview counts.
export const SECURITY_SEVERITIES: readonly Severity[] = SEVERITIES.slice(0, 4);

export const DEFAULTS: Choice = {
  organisation: '',
  repository: '',
  team: null,
  window: '90d',
  severities: [],
  tools: [],
  branch: null,
  definition: 'all',
};

export function isPreset(window: Preset | Days): window is Preset {
  return typeof window === 'string';
}
