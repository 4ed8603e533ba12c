// `npm run dashboard:types` generates this from schema.graphql and src/queries.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Selects the alerts that meet all conditions. A list is met by any of its values. A condition that is null or absent is met by all alerts. An empty list is an error. The present team, topics, visibility and archiving of a repository count, also for the past. */
export type AlertFilter = {
  /** Only alerts with one of these severities. */
  readonly severity?: ReadonlyArray<Severity> | null | undefined;
  /** Only alerts of tools with exactly one of these names, such as `CodeQL`. Up to 50. The empty string selects alerts without a tool. In metrics and the backlog, `(other)` selects the tools that are not counted by name. */
  readonly tool?: ReadonlyArray<string> | null | undefined;
  /** Only alerts on the default branch, or only all other alerts. */
  readonly branch?: Branch | null | undefined;
  /** Only alerts of these repositories, as `owner/name`. Up to 50. A name without an owner is an error. */
  readonly repository?: ReadonlyArray<string> | null | undefined;
  /** Only alerts of the repositories of these teams. Up to 50. The empty string selects repositories without a team. An error without the setting `team` of the deployment. */
  readonly team?: ReadonlyArray<string> | null | undefined;
  /** Only alerts of repositories with one of these topics. Up to 50. */
  readonly topic?: ReadonlyArray<string> | null | undefined;
  /** Only alerts of repositories with one of these visibilities. */
  readonly visibility?: ReadonlyArray<Visibility> | null | undefined;
  /** True: only alerts of archived repositories. False: only alerts of all others. A repository about which GitHub did not report anything counts as not archived. */
  readonly archived?: boolean | null | undefined;
  /** No alerts of these repositories: `owner/name`, or a pattern such as `acme/demo-*`, in which `*` matches any characters except `/`. Up to 50. */
  readonly notRepository?: ReadonlyArray<string> | null | undefined;
};

/** The branches on which an alert was seen. */
export type Branch =
  /** Seen on the repository's default branch at least once. */
  | 'DEFAULT'
  /** Only seen on other branches or pull requests. */
  | 'OTHER';

/** How an alert was closed. */
export type ClosedAs =
  /** The code no longer has the problem. */
  | 'FIXED'
  /** Dismissed as a false positive. */
  | 'FALSE_POSITIVE'
  /** Dismissed because it will not be fixed. */
  | 'WONT_FIX'
  /** Dismissed because the code is used in tests. */
  | 'USED_IN_TESTS'
  /** Dismissed because the risk is mitigated in another way. */
  | 'MITIGATED'
  /** Dismissed without a reason, or for an unknown reason. */
  | 'DISMISSED';

/** How the window is divided into intervals. The first and the last interval can be shorter: they end at the edges of the window. */
export type Interval =
  /** One row for each UTC day. */
  | 'DAY'
  /** One row for each ISO week, starting on Monday. */
  | 'WEEK'
  /** One row for each calendar month. */
  | 'MONTH'
  /** One row for the whole window. */
  | 'TOTAL';

/** The rule's security severity, or the rule's own severity if it has no security severity. Most severe first. */
export type Severity =
  /** Security severity critical. */
  | 'CRITICAL'
  /** Security severity high. */
  | 'HIGH'
  /** Security severity medium. */
  | 'MEDIUM'
  /** Security severity low. */
  | 'LOW'
  /** No security severity; the rule's severity is error. */
  | 'ERROR'
  /** No security severity; the rule's severity is warning. */
  | 'WARNING'
  /** No security severity; the rule's severity is note. */
  | 'NOTE'
  /** The rule has no severity. */
  | 'NONE';

/** Who can see a repository. */
export type Visibility =
  /** Everybody. */
  | 'PUBLIC'
  /** The people who have access to it. */
  | 'PRIVATE'
  /** All members of the enterprise. */
  | 'INTERNAL';

export type AgesFragment = { readonly ages: ReadonlyArray<{ readonly group: string | null, readonly open: number, readonly overdue: number, readonly medianAge: number | null, readonly over7: number, readonly over30: number, readonly over90: number, readonly over180: number, readonly over365: number }> };

export type CardsFragment = { readonly window: ReadonlyArray<{ readonly opened: number, readonly closed: number, readonly net: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null, readonly medianChange: number | null, readonly p90Change: number | null, readonly openChange: number | null, readonly openedBefore: number | null, readonly closedBefore: number | null }>, readonly series: ReadonlyArray<{ readonly periodStart: string, readonly net: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null }>, readonly now: ReadonlyArray<{ readonly overdue: number, readonly dueSoon: number }>, readonly due: ReadonlyArray<{ readonly periodStart: string, readonly severity: Severity, readonly due: number, readonly met: number, readonly late: number, readonly open: number }>, readonly dueBefore: ReadonlyArray<{ readonly due: number, readonly met: number, readonly late: number, readonly open: number }> };

export type ChoicesFragment = { readonly name: string, readonly lastEventAt: string | null, readonly tools: ReadonlyArray<{ readonly group: string | null, readonly open: number }> };

export type CohortsFragment = { readonly cohorts: ReadonlyArray<{ readonly periodStart: string, readonly opened: number, readonly closed: number, readonly within7: number | null, readonly within30: number | null, readonly within90: number | null }> };

export type FlowFragment = { readonly series: ReadonlyArray<{ readonly periodStart: string, readonly opened: number, readonly closed: number, readonly net: number, readonly openAtEnd: number }> };

export type MostOverdueFragment = { readonly mostOverdue: ReadonlyArray<{ readonly group: string | null, readonly open: number, readonly overdue: number, readonly medianAge: number | null }> };

export type NoisyRulesFragment = { readonly rules: ReadonlyArray<{ readonly key: string, readonly description: string | null, readonly tool: string | null, readonly severity: Severity | null, readonly open: number, readonly opened: number, readonly closed: number, readonly falsePositiveShare: number | null }> };

export type OpenBySeverityFragment = { readonly bySeverity: ReadonlyArray<{ readonly periodStart: string, readonly group: string | null, readonly openAtEnd: number }> };

export type OverdueAlertsFragment = { readonly overdueAlerts: { readonly nextToken: string | null, readonly data: ReadonlyArray<{ readonly id: string, readonly alertURL: string, readonly repositoryName: string, readonly severity: Severity, readonly rule: string | null, readonly ruleDescription: string | null, readonly tool: string | null, readonly path: string | null, readonly line: number | null, readonly createdAt: string, readonly dueAt: string | null, readonly age: number | null }> } };

export type PageQueryVariables = Exact<{
  name: string;
  from: string;
  to: string;
  interval: Interval;
  fromBefore: string;
  toBefore: string;
  firstMonth: string;
  filter?: AlertFilter | null | undefined;
  closedAs?: ReadonlyArray<ClosedAs> | ClosedAs | null | undefined;
}>;


export type PageQuery = { readonly organisation: { readonly id: string, readonly name: string, readonly lastEventAt: string | null, readonly tools: ReadonlyArray<{ readonly group: string | null, readonly open: number }>, readonly teamNames: ReadonlyArray<{ readonly group: string | null, readonly open: number }>, readonly names: ReadonlyArray<{ readonly group: string | null, readonly open: number }>, readonly window: ReadonlyArray<{ readonly opened: number, readonly closed: number, readonly net: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null, readonly medianChange: number | null, readonly p90Change: number | null, readonly openChange: number | null, readonly openedBefore: number | null, readonly closedBefore: number | null }>, readonly series: ReadonlyArray<{ readonly periodStart: string, readonly net: number, readonly openAtEnd: number, readonly closed: number, readonly opened: number, readonly median: number | null, readonly p90: number | null }>, readonly now: ReadonlyArray<{ readonly overdue: number, readonly dueSoon: number }>, readonly due: ReadonlyArray<{ readonly periodStart: string, readonly severity: Severity, readonly due: number, readonly met: number, readonly late: number, readonly open: number }>, readonly dueBefore: ReadonlyArray<{ readonly due: number, readonly met: number, readonly late: number, readonly open: number }>, readonly bySeverity: ReadonlyArray<{ readonly periodStart: string, readonly group: string | null, readonly openAtEnd: number }>, readonly cohorts: ReadonlyArray<{ readonly periodStart: string, readonly opened: number, readonly closed: number, readonly within7: number | null, readonly within30: number | null, readonly within90: number | null }>, readonly ages: ReadonlyArray<{ readonly group: string | null, readonly open: number, readonly overdue: number, readonly medianAge: number | null, readonly over7: number, readonly over30: number, readonly over90: number, readonly over180: number, readonly over365: number }>, readonly levels: ReadonlyArray<{ readonly severity: Severity, readonly targetDays: number, readonly due: number, readonly met: number, readonly late: number, readonly open: number, readonly compliance: number | null }>, readonly mostOverdue: ReadonlyArray<{ readonly group: string | null, readonly open: number, readonly overdue: number, readonly medianAge: number | null }>, readonly slowest: ReadonlyArray<{ readonly group: string | null, readonly closed: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null }>, readonly teams: ReadonlyArray<{ readonly group: string | null, readonly opened: number, readonly closed: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null }>, readonly teamBacklogs: ReadonlyArray<{ readonly group: string | null, readonly overdue: number }>, readonly overdueAlerts: { readonly nextToken: string | null, readonly data: ReadonlyArray<{ readonly id: string, readonly alertURL: string, readonly repositoryName: string, readonly severity: Severity, readonly rule: string | null, readonly ruleDescription: string | null, readonly tool: string | null, readonly path: string | null, readonly line: number | null, readonly createdAt: string, readonly dueAt: string | null, readonly age: number | null }> }, readonly rules: ReadonlyArray<{ readonly key: string, readonly description: string | null, readonly tool: string | null, readonly severity: Severity | null, readonly open: number, readonly opened: number, readonly closed: number, readonly falsePositiveShare: number | null }> } };

export type RepositoryNamesFragment = { readonly names: ReadonlyArray<{ readonly group: string | null, readonly open: number }> };

export type ServiceLevelsFragment = { readonly levels: ReadonlyArray<{ readonly severity: Severity, readonly targetDays: number, readonly due: number, readonly met: number, readonly late: number, readonly open: number, readonly compliance: number | null }> };

export type SlowestFragment = { readonly slowest: ReadonlyArray<{ readonly group: string | null, readonly closed: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null }> };

export type SpeedFragment = { readonly series: ReadonlyArray<{ readonly periodStart: string, readonly closed: number, readonly median: number | null, readonly p90: number | null }> };

export type StartQueryVariables = Exact<{ [key: string]: never; }>;


export type StartQuery = { readonly organisations: ReadonlyArray<{ readonly name: string, readonly lastEventAt: string | null }>, readonly serviceLevelTargets: ReadonlyArray<{ readonly severity: Severity, readonly days: number }> };

export type TeamNamesFragment = { readonly teamNames: ReadonlyArray<{ readonly group: string | null, readonly open: number }> };

export type TeamsFragment = { readonly teams: ReadonlyArray<{ readonly group: string | null, readonly opened: number, readonly closed: number, readonly openAtEnd: number, readonly median: number | null, readonly p90: number | null }>, readonly teamBacklogs: ReadonlyArray<{ readonly group: string | null, readonly overdue: number }> };
