// Enum values and empty names in plain words. Pure.
import type { Severity } from '../api/operations';

export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  ERROR: 'Error',
  WARNING: 'Warning',
  NOTE: 'Note',
  NONE: 'None',
};

export const severityName = (severity: string | null): string =>
  SEVERITY_NAMES[severity as Severity] ?? '';
export const teamName = (team: string | null): string => team || 'Without a team';
export const toolName = (tool: string | null): string => tool || 'Without a tool';
