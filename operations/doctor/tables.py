"""The tables: their status, indexes, streams, expiry, backups and protection.

The outputs of the stack name the tables, since a restored table can be outside of the stack.
"""

from collections.abc import Mapping
from typing import Any

from operations.doctor.examination import Examination, Subject, listed
from operations.doctor.resources import Resource
from operations.status.section import Section

_USABLE = frozenset({"ACTIVE", "UPDATING"})


def tables(subject: Subject) -> Section:
    """Examine all tables of the deployment."""
    found = Examination("tables", "Tables")
    outputs = subject.deployment.outputs
    for name in sorted(name for name in outputs if name.endswith("Table")):
        table = outputs[name]
        made = subject.resources.named("AWS::DynamoDB::Table", table)
        resource = Resource(name, table, made.properties if made else {})
        _examine(found, subject, resource)
        if made is None:
            found.note(name, "is not a part of the stack; its settings are not compared")
    if subject.deployment.endpoint is not None:
        found.note("not examined", "the emulator has neither expiry nor backups of tables")
    return found.section("tables")


def _examine(found: Examination, subject: Subject, resource: Resource) -> None:
    client, table = subject.deployment.aws.dynamodb, resource.id
    reported = found.read(subject, resource, client.describe_table, TableName=table)
    if reported is None:
        return
    described: Mapping[str, Any] = reported["Table"]
    name = resource.logical_id
    if described["TableStatus"] not in _USABLE:
        found.wrong(f"{name} is {described['TableStatus']}.", "wait, then run the command again")
    _examine_indexes(found, subject, resource, described)
    update = f"aws dynamodb update-table --table-name {table}"
    if resource.has("DeletionProtectionEnabled") and not described.get("DeletionProtectionEnabled"):
        found.wrong(
            f"{name} is not protected from deletion.", f"{update} --deletion-protection-enabled"
        )
    wanted = resource.properties.get("StreamSpecification", {}).get("StreamViewType")
    stream = described.get("StreamSpecification", {})
    if wanted and not stream.get("StreamEnabled"):
        found.wrong(
            f"{name} has no stream, so changes reach no sums.",
            f"{subject.restore}, then gcsmttr repair --all",
        )
    if subject.deployment.endpoint is None:
        _examine_expiry(found, subject, resource)
        _examine_backups(found, subject, resource)


def _examine_indexes(
    found: Examination, subject: Subject, resource: Resource, described: Mapping[str, Any]
) -> None:
    states = {
        one["IndexName"]: one.get("IndexStatus", "ACTIVE")
        for one in described.get("GlobalSecondaryIndexes", ())
    }
    wanted = {one["IndexName"] for one in resource.properties.get("GlobalSecondaryIndexes", ())}
    if missing := wanted - states.keys():
        found.wrong(f"{resource.logical_id} lacks the index {listed([*missing])}.", subject.restore)
    for index, state in states.items():
        if state not in _USABLE:
            found.wrong(
                f"{resource.logical_id} cannot be read by the index {index}: it is {state}.",
                "wait until it is ACTIVE, then run the command again",
            )


def _examine_expiry(found: Examination, subject: Subject, resource: Resource) -> None:
    wanted = resource.properties.get("TimeToLiveSpecification", {})
    if not wanted:
        return
    client, table, attribute = subject.deployment.aws.dynamodb, resource.id, wanted["AttributeName"]
    reported = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if reported.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}:
        found.wrong(
            f"{resource.logical_id} keeps rows that should expire.",
            f"aws dynamodb update-time-to-live --table-name {table} --time-to-live-specification"
            f" Enabled=true,AttributeName={attribute}",
        )


def _examine_backups(found: Examination, subject: Subject, resource: Resource) -> None:
    wanted = resource.properties.get("PointInTimeRecoverySpecification", {})
    if str(wanted.get("PointInTimeRecoveryEnabled")).lower() != "true":
        return
    reported = subject.deployment.aws.dynamodb.describe_continuous_backups(TableName=resource.id)
    backups = reported["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if backups.get("PointInTimeRecoveryStatus") != "ENABLED":
        found.wrong(
            f"{resource.logical_id} has no point-in-time recovery.",
            f"aws dynamodb update-continuous-backups --table-name {resource.id}"
            " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
        )
