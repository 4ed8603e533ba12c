"""The whole status of a deployment: all sections, in the order in which people read them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from operations import github
from operations.deployment import Deployment
from operations.remedies import QUEUES as DEAD_LETTER_QUEUES
from operations.status.connections import connections
from operations.status.dead_letters import dead_letters
from operations.status.github_apps import GitHubApps
from operations.status.hook_ranges import allowed_ranges, hook_ranges
from operations.status.newest_events import NewestEvents
from operations.status.queues import QUEUES, depth, queues
from operations.status.section import Finding, Section


def status_of(deployment: Deployment, now: datetime) -> Sequence[Section]:
    """Return all sections. Changes nothing."""
    aws = deployment.aws
    urls = {output: deployment.output(output) for output in QUEUES}
    dead = {f"{name}Url": deployment.output(f"{name}Url") for name in DEAD_LETTER_QUEUES}
    apps = github.apps(aws.secretsmanager, deployment.output("GitHubAppsSecretId"))
    is_idle = all(depth(aws.sqs, url).total == 0 for url in urls.values())
    events = NewestEvents(aws.dynamodb, deployment.outputs).section(now, is_idle=is_idle)
    sections = (
        connections(
            aws.dynamodb,
            deployment.output("ConnectionsTable"),
            now,
            reconcile_every=timedelta(hours=int(deployment.output("ReconcileHours"))),
        ),
        GitHubApps(now).section(apps),
        events,
        queues(aws, urls, now),
        dead_letters(aws, dead),
        _source_addresses(deployment, now),
    )
    if apps or events.facts["allEvents"] or events.findings:
        return sections
    nothing = Finding(
        "No GitHub App is connected, and no event has arrived.",
        "gcsmttr connect --organisation NAME",
    )
    return (_with(sections[0], nothing), *sections[1:])


def _source_addresses(deployment: Deployment, now: datetime) -> Section:
    if allowed := deployment.outputs.get("AllowedRanges"):
        return allowed_ranges(allowed)
    names = ("HookRangesParameter", "MetaUrl", "RefresherFunction")
    return hook_ranges(deployment.aws.ssm, {name: deployment.output(name) for name in names}, now)


def _with(section: Section, finding: Finding) -> Section:
    return Section(
        key=section.key,
        title=section.title,
        rows=section.rows,
        facts=section.facts,
        findings=(*section.findings, finding),
    )
