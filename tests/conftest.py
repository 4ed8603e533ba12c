"""Hooks for all tests: a faster moto, and reports that xdist can send between processes."""

from collections.abc import Generator

import pytest

from tests.support import quick_moto

quick_moto.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates in captured output, since xdist encodes reports as UTF-8."""
    report = yield
    report.sections = [
        (title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections
    ]
    return report
