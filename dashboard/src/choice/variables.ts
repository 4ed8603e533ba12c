// The arguments of the API for a choice. Pure.
import type { Target } from '../api/load';
import type { AlertFilter, ClosedAs, PageQueryVariables } from '../api/operations';
import { SECURITY_SEVERITIES } from './choice';
import type { Choice, Definition } from './choice';
import { windowVariables } from './window';

const CLOSED_AS: Readonly<Record<Definition, readonly ClosedAs[] | null>> = {
  all: null,
  github: ['FIXED', 'WONT_FIX', 'USED_IN_TESTS', 'MITIGATED', 'DISMISSED'],
  gitlab: ['FIXED'],
};
// GitHub's overview shows its own tool unless another one is chosen.
const GITHUB_TOOLS = ['CodeQL'];

export function targetOf(choice: Choice): Target {
  const root = choice.repository ? 'repository' : 'organisation';
  const filter = filterOf(choice);
  const closedAs = CLOSED_AS[choice.definition];
  const variables: PageQueryVariables = {
    name: choice.repository || choice.organisation,
    ...windowVariables(choice.window),
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(closedAs && { closedAs }),
  };
  return { root, variables };
}

// Returns the filter of the choice. GitHub's definition also limits the severities and the branch.
export function filterOf(choice: Choice): AlertFilter {
  const isGithub = choice.definition === 'github';
  const severity = isGithub
    ? choice.severities.filter(chosen => SECURITY_SEVERITIES.includes(chosen))
    : choice.severities;
  const severities = isGithub && severity.length === 0 ? SECURITY_SEVERITIES : severity;
  const tool = isGithub && choice.tools.length === 0 ? GITHUB_TOOLS : choice.tools;
  const branch = isGithub ? 'DEFAULT' : choice.branch;
  return {
    ...(severities.length > 0 && { severity: severities }),
    ...(tool.length > 0 && { tool }),
    ...(branch && { branch }),
    ...(choice.team !== null && { team: [choice.team] }),
  };
}
