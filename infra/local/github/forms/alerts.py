"""The JSON of alerts: in lists, alone, and in webhooks.

Owns the differences: a webhook's alert has `null` as its state outside the default branch, and no
time of a fix, as GitHub's schemas of webhooks demand. A list of an organisation adds the short
repository.
"""

from infra.local.github.forms import accounts, repositories
from infra.local.github.forms.addresses import Addresses, Json, text
from infra.local.github.world.records import Alert, Repository

_HELP = "# Help\nWhat the rule finds, and how to fix it."


def listed(alert: Alert, repository: Repository, at: Addresses) -> Json:
    """Return an alert as the list of a repository has it."""
    url = f"{at.api}/repos/{repository.full_name}/code-scanning/alerts/{alert.number}"
    by = alert.dismissed_by
    form: Json = {
        "number": alert.number,
        "created_at": text(alert.created_at),
        "updated_at": text(alert.updated_at),
        "url": url,
        "html_url": f"{at.web}/{repository.full_name}/security/code-scanning/{alert.number}",
        "state": alert.state,
        "fixed_at": text(alert.fixed_at),
        "dismissed_by": None if by is None else accounts.account(by, at),
        "dismissed_at": text(alert.dismissed_at),
        "dismissed_reason": alert.dismissed_reason,
        "dismissed_comment": None,
        "rule": _rule(alert),
        "tool": {"name": alert.rule.tool, "guid": None, "version": "2.20.0"},
        "most_recent_instance": _instance(alert, repository),
        "instances_url": f"{url}/instances",
    }
    if "updated_at" in alert.unreported:
        del form["updated_at"]
    return form | dict.fromkeys(alert.unreported - {"updated_at"})


def with_repository(alert: Alert, repository: Repository, at: Addresses) -> Json:
    """Return an alert as the list of an organisation or enterprise has it."""
    return {
        **listed(alert, repository, at),
        "repository": repositories.short(repository, at),
    }


def alone(alert: Alert, repository: Repository, at: Addresses) -> Json:
    """Return an alert as its own address has it: with the help of its rule."""
    form = listed(alert, repository, at)
    return {**form, "rule": {**_rule(alert), "help": _HELP}}


def in_webhook(alert: Alert, repository: Repository, at: Addresses) -> Json:
    """Return an alert as a webhook has it."""
    state = None if alert.ref is not None and alert.state == "open" else alert.state
    form = listed(alert, repository, at)
    return {**form, "state": state, "fixed_at": None, "rule": {**_rule(alert), "help": _HELP}}


def ref_of(alert: Alert, repository: Repository) -> str:
    """Return the ref of an alert's most recent instance."""
    return alert.ref or f"refs/heads/{repository.default_branch}"


def commit_of(alert: Alert) -> str:
    """Return the commit that was analysed."""
    return f"{alert.number:040x}"


def _rule(alert: Alert) -> Json:
    rule = alert.rule
    form: Json = {
        "id": rule.id,
        "name": rule.id,
        "severity": rule.severity,
        "description": rule.description,
        "full_description": rule.description,
        "tags": list(rule.tags),
    }
    if rule.security_severity is not None:
        form["security_severity_level"] = rule.security_severity
    return form


def _instance(alert: Alert, repository: Repository) -> Json:
    return {
        "ref": ref_of(alert, repository),
        "analysis_key": ".github/workflows/codeql.yml:analyze",
        "environment": "{}",
        "category": ".github/workflows/codeql.yml:analyze",
        "state": alert.state,
        "commit_sha": commit_of(alert),
        "message": {"text": alert.rule.description},
        "location": {
            "path": alert.path,
            "start_line": alert.line,
            "end_line": alert.line,
            "start_column": 1,
            "end_column": 10,
        },
        "classifications": [],
    }
