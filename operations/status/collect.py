"""The whole status of a deployment: all sections, in the order in which people read them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from ingest.webhooks.connected_apps import ConnectedApp
from operations import github
from operations.deployment import Deployment
from operations.queue_depth import depth
from operations.remedies import QUEUES as DEAD_LETTER_QUEUES
from operations.status.connections import connections
from operations.status.dead_letters import dead_letters
from operations.status.github_apps import GitHubApps
from operations.status.hook_ranges import allowed_ranges, hook_ranges
from operations.status.newest_events import NewestEvents
from operations.status.queues import QUEUES, queues
from operations.status.section import Finding, Section

_NOTHING = Finding(
    "No GitHub App is connected, and no event has arrived.",
    "gcsmttr connect --organisation NAME",
)


def status_of(deployment: Deployment, now: datetime) -> Sequence[Section]:
    """Return all sections. Changes nothing."""
    return [call() for _, _, call in Status(deployment, now).parts()]


class Status:
    """The status of a deployment at a time; each section is read when it is called."""

    def __init__(self, deployment: Deployment, now: datetime) -> None:
        self._deployment = deployment
        self._now = now

    def parts(self) -> Sequence[tuple[str, str, Callable[[], Section]]]:
        """Return the key, the title and the call of each section."""
        return (
            ("connections", "Connections", self._connections),
            ("apps", "GitHub Apps", lambda: GitHubApps(self._now).section(self._apps)),
            ("newestEvents", "Newest change", lambda: self._events),
            ("queues", "Queues", self._queues),
            ("deadLetters", "Dead letters", self._dead_letters),
            ("hookRanges", "Source addresses", self._hook_ranges),
        )

    @cached_property
    def _apps(self) -> Sequence[ConnectedApp]:
        output = self._deployment.output("GitHubAppsSecretId")
        return github.apps(self._deployment.aws.secretsmanager, output)

    @cached_property
    def _events(self) -> Section:
        deployment = self._deployment
        urls = (deployment.output(output) for output in QUEUES)
        is_idle = all(depth(deployment.aws.sqs, url).total == 0 for url in urls)
        events = NewestEvents(deployment.aws.dynamodb, deployment.outputs)
        return events.section(self._now, is_idle=is_idle)

    def _connections(self) -> Section:
        hours = int(self._deployment.output("ReconcileHours"))
        section = connections(
            self._deployment.aws.dynamodb,
            self._deployment.output("ConnectionsTable"),
            self._now,
            reconcile_every=timedelta(hours=hours),
        )
        if self._apps or self._events.facts["allEvents"] or self._events.findings:
            return section
        return replace(section, findings=(*section.findings, _NOTHING))

    def _queues(self) -> Section:
        urls = {output: self._deployment.output(output) for output in QUEUES}
        return queues(self._deployment.aws, urls, self._now)

    def _dead_letters(self) -> Section:
        urls = {f"{name}Url": self._deployment.output(f"{name}Url") for name in DEAD_LETTER_QUEUES}
        return dead_letters(self._deployment.aws, urls)

    def _hook_ranges(self) -> Section:
        if allowed := self._deployment.outputs.get("AllowedRanges"):
            return allowed_ranges(allowed)
        names = ("HookRangesParameter", "MetaUrl", "RefresherFunction")
        outputs = {name: self._deployment.output(name) for name in names}
        return hook_ranges(self._deployment.aws.ssm, outputs, self._now)
