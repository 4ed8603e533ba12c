"""The secrets: whether each exists and has a value. Never prints a value."""

from collections.abc import Mapping

from botocore.exceptions import ClientError

from ingest.webhooks.connected_apps import NO_APPS, apps_of
from operations.doctor.examination import Examination, Subject
from operations.status.section import Section

_OUTPUTS = {"WebhookSecretId": "the webhook secret", "GitHubAppsSecretId": "the secret GitHubApps"}


def secrets(subject: Subject) -> Section:
    """Examine the secrets that the receiver reads."""
    found = Examination("secrets", "Secrets")
    for output, name in _OUTPUTS.items():
        found.examined += 1
        secret_id = subject.deployment.output(output)
        try:
            _examine(found, subject, secret_id, name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                found.skip(name, error)
                continue
            found.wrong(
                f"{name.capitalize()} does not exist, or has no value.", _new(output, secret_id)
            )
    return found.section("secrets")


def _examine(found: Examination, subject: Subject, secret_id: str, name: str) -> None:
    client = subject.deployment.aws.secretsmanager
    described: Mapping[str, object] = client.describe_secret(SecretId=secret_id)
    if described.get("DeletedDate"):
        found.wrong(
            f"{name.capitalize()} will be deleted.",
            f"aws secretsmanager restore-secret --secret-id {secret_id}",
        )
        return
    value = client.get_secret_value(SecretId=secret_id).get("SecretString", "")
    output = next(key for key, text in _OUTPUTS.items() if text == name)
    if not value.strip():
        found.wrong(f"{name.capitalize()} is empty.", _new(output, secret_id))
    elif output == "GitHubAppsSecretId":
        try:
            apps_of(value)
        except ValueError as error:
            found.wrong(f"In {name}, {error}.", _new(output, secret_id))


def _new(output: str, secret_id: str) -> str:
    put = f"aws secretsmanager put-secret-value --secret-id {secret_id} --secret-string"
    if output == "GitHubAppsSecretId":
        return f"{put} '{NO_APPS}', then gcsmttr connect for each account"
    return f"{put} VALUE, then enter the same value in GitHub's webhook settings"
