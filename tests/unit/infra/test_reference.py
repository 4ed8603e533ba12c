"""The reference in docs/ is generated, and lists all limits and settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from infra.reference.limits import LIMITS
from infra.reference.page import COMMAND, FILE, page
from infra.settings.every import SETTINGS
from infra.settings.setting import NONE
from tests.support.paths import ROOT

PACKAGES = ("ingest", "rollup", "graphql_api", "operations", "infra")
INTERNAL = frozenset(
    {
        "operations.replay.run.PAUSE_S",
        "operations.restore.run.PAUSE_S",
        "operations.report.query.DUE_SOON_DAYS",
        "ingest.bus.event_bus.MAX_ATTEMPTS",
        "ingest.clients.OTHER_PAUSE_S",
        "ingest.clients.TABLE_PAUSE_S",
        "ingest.bus.event_bus.MOST_BYTES",
        "ingest.bus.event_bus.MOST_ENTRIES",
        "ingest.origin.MOST_ORIGINS",
        "graphql_api.access.key_store.MOST_KEPT",
        "graphql_api.badges.badge_store.ID_LENGTH",
        "graphql_api.badges.picture.HEIGHT",
        "ingest.events.repository_event.VERSION",
        "ingest.repositories.repository_store.MAX_ATTEMPTS",
        "ingest.repositories.repository_store.NAME_CACHE_S",
        "graphql_api.accelerators.document_cache.DOCUMENTS_KEPT",
        "graphql_api.accelerators.document_cache.LONGEST_KEPT",
        "graphql_api.reading.row_cache.ADDING",
        "graphql_api.reading.row_cache.ADDING_A_ROW",
        "graphql_api.reading.row_cache.KEPT_BYTES",
        "graphql_api.reading.overviews.MANY_READS",
        "graphql_api.reading.table_client.KEYS_PER_READ",
        "graphql_api.access.github_actions.discovery.LARGEST_DOCUMENT",
        "graphql_api.access.github_actions.signing_keys.RETRY_S",
        "graphql_api.access.request_rate.MOST_KEPT",
        "graphql_api.http.request_log.LONGEST_TEXT",
        "graphql_api.http.request_log.LONGEST_TRACEBACK",
        "graphql_api.selection.unknown_names.MOST_READS",
        "infra.settings.deployment.MOST_TAGS",
        "infra.constructs.source_addresses.REFRESHER_TIMEOUT_S",
        "infra.constructs.state_machine.RECORDER_TIMEOUT_S",
        "infra.constructs.moves.MOVER_ATTEMPTS",
        "infra.constructs.moves.MOVER_BATCH",
        "infra.constructs.reconciling.STEP_TIMEOUT_S",
        "infra.constructs.rollups.QUEUE_HANDLER_TIMEOUT_S",
        "infra.constructs.rollups.STREAM_HANDLER_TIMEOUT_S",
        "infra.constructs.rollups.QUEUE_BATCH",
        "infra.constructs.rollups.STREAM_ATTEMPTS",
        "infra.constructs.rollups.STREAM_BATCH",
        "ingest.mover_handler.RESERVE_MS",
        "ingest.recording.mover.MAX_ATTEMPTS",
        "ingest.recording.recorder.MAX_ATTEMPTS",
        "ingest.recording.recorder.UNKNOWN_CHANGES_DAYS",
        "ingest.source_addresses.current_ranges.CACHE_SECONDS",
        "ingest.events.alert_detail.VERSION",
        "rollup.rows.packed_bins.HALVES",
        "rollup.rows.packed_bins.ONES",
        "rollup.rows.packed_bins.STRETCH",
        "rollup.service_levels.targets.DAY_MS",
        "rollup.rows.counts_codec.VERSION",
        "rollup.rows.headline.VERSION",
        "rollup.stores.item_reader.MAX_ATTEMPTS",
        "rollup.queues.message.MAX_SOURCES",
        "operations.overviews.audit.ROUNDS",
        "rollup.stores.transaction.MAX_ITEMS",
    }
)
"""Public numbers that users do not notice: sizes of caches and batches, versions, exit statuses."""


def test_reference_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), f"run `{COMMAND}`"


def test_each_public_number_is_in_the_reference_or_internal() -> None:
    listed = {home for limits in LIMITS.values() for limit in limits for home in limit.homes}
    missing = sorted(set(_public_numbers()) - listed - INTERNAL)
    assert not missing, (
        f"Describe these in LIMITS of infra/reference/limits.py and run `{COMMAND}`. If users do"
        f" not notice them, add them to INTERNAL of this file: {missing}"
    )
    assert set(_public_numbers()) >= INTERNAL, "INTERNAL names constants that do not exist"


def test_each_reason_in_the_reference_exists() -> None:
    source = "".join(
        file.read_text() for package in ("ingest", "graphql_api") for file in _modules(package)
    )
    for limits in LIMITS.values():
        for reason in filter(None, (limit.reason for limit in limits)):
            counted = reason.removeprefix("too_many_")
            assert f'"{reason}"' in source or f'"{counted}", ' in source, reason


def test_each_setting_has_a_description_and_accepts_its_default() -> None:
    for setting in SETTINGS:
        assert re.fullmatch(r"[A-Z].*\.", setting.meaning), setting.key
        assert setting.read(None) == setting.default
        if setting.shown_default not in {NONE, "true; false on the emulator"}:
            assert setting.read(setting.shown_default) == setting.default


def test_readme_links_to_the_reference() -> None:
    link = FILE.relative_to(ROOT).as_posix()
    assert f"]({link})" in (ROOT / "README.md").read_text()


def _modules(package: str) -> Iterator[Path]:
    folder = ROOT / package
    return (file for file in folder.rglob("*.py") if folder / "local" not in file.parents)


def _public_numbers() -> Iterator[str]:
    """Yield the public constants that are numbers."""
    for package in PACKAGES:
        for file in _modules(package):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for statement in ast.parse(file.read_text()).body:
                if isinstance(statement, ast.Assign):
                    for target, value in _assigned(statement):
                        if re.fullmatch("[A-Z][A-Z0-9_]*", target) and _is_number(value):
                            yield f"{module}.{target}"


def _assigned(statement: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    (target,) = statement.targets
    if isinstance(target, ast.Name):
        yield target.id, statement.value
    elif isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
        for name, value in zip(target.elts, statement.value.elts, strict=True):
            if isinstance(name, ast.Name):
                yield name.id, value


def _is_number(value: ast.expr) -> bool:
    """Return whether this is a number, or arithmetic with numbers such as `2**31 - 1`."""
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    if isinstance(value, ast.UnaryOp):
        return _is_number(value.operand)
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
