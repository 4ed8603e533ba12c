"""A process that starts to answer leaves alone what it said that no query needs."""

import json
import os
import subprocess
import sys

from tests.support.paths import ROOT

ANSWER = """
import gc, json, sys

from bench.queries.ours import over_tables
from graphql_api import query_handler
from graphql_api.accelerators import cold_start
from bench.queries.data import DOCUMENTS, ENVIRONMENT, KEY, canned_body
import os

os.environ |= ENVIRONMENT
answer = over_tables(canned_body, KEY)
for document in DOCUMENTS.values():
    body = answer(json.dumps({"query": document.text, "variables": dict(document.variables)}))
    assert "errors" not in json.loads(body), body

# Which of its own modules Python uses depends on its version; packages are pinned.
own = sys.stdlib_module_names
pinned = [name for name in cold_start.UNUSED if name.partition(".")[0] not in own]
kinds = {name: type(sys.modules.get(name)).__name__ for name in pinned}
used = [name for name, kind in kinds.items() if kind not in {"_LazyModule", "NoneType"}]
assert not used, used
assert gc.isenabled()
assert cold_start.Later not in sys.meta_path
import strawberry
assert strawberry.federation.Schema
query_handler._log().fault("a reference", LookupError())
"""


def test_what_no_query_needs_is_not_loaded_but_can_be_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANSWER],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    fault = json.loads(done.stdout.splitlines()[-1])
    assert (fault["message"], fault["reference"]) == ("fault", "a reference")
    assert (fault["exception_name"], fault["function_name"]) == ("LookupError", "bench")


FAILURE = """
import gc, sys

from graphql_api.accelerators import cold_start

before = list(sys.meta_path)
try:
    with cold_start.quick():
        assert cold_start.Later in sys.meta_path
        assert not gc.isenabled()
        import graphql_api.no_such_module
except ModuleNotFoundError:
    pass
else:
    raise AssertionError
assert gc.isenabled()
assert sys.meta_path == before

sys.modules["graphql_api.schema.root"] = None
try:
    from graphql_api import query_handler
except ModuleNotFoundError:
    pass
else:
    raise AssertionError
assert gc.isenabled()
assert cold_start.Later not in sys.meta_path
"""


def test_a_start_that_fails_leaves_imports_and_garbage_collection_as_they_were() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILURE],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
