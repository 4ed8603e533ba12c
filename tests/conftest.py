"""Hooks for all tests: a faster moto, fewer examples for `make check`, and reports for xdist."""

from collections.abc import Generator

import pytest

from tests.support import examples, quick_moto

quick_moto.install()
examples.register()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates in captured output, since xdist encodes reports as UTF-8."""
    report = yield
    report.sections = [
        (title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections
    ]
    return report
