"""The settings about where and how a deployment is made: its file, account, tags, runtime, tables.

Owns the same as `general` for these keys.
"""

import re
from collections.abc import Mapping

from infra.settings.setting import NONE, TRUE_OR_FALSE, Setting, boolean, settings_in, text
from operations.restore.run import FOLLOWED, TABLES

LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
STACK_TAG = "gcsmttr:stack"
"""The tag that each deployment has: its value is the name of the stack."""
MOST_TAGS = 40
"""CloudFormation accepts 50 tags for a stack, and AWS adds some."""

_TAG_TEXT = r"[\w .:/=+@-]"
_NAME = r"[A-Za-z0-9_.-]{3,255}"
_STREAM = r"/stream/[0-9T:.-]+"


def _python(value: object) -> tuple[int, int]:
    major, minor = text(r"\d\.\d{1,2}")(value).split(".")
    version = (int(major), int(minor))
    if version not in LAMBDA_PYTHONS:
        raise ValueError(value)
    return version


def _tags(value: object) -> Mapping[str, str]:
    if isinstance(value, str):
        pairs = [pair.partition("=")[::2] for pair in value.split(",")]
        if len(dict(pairs)) < len(pairs):
            raise ValueError(value)
        return _tags(dict(pairs))
    if not isinstance(value, Mapping) or len(value) > MOST_TAGS:
        raise ValueError(value)
    return {_tag_key(key): text(rf"{_TAG_TEXT}{{1,256}}")(tag) for key, tag in value.items()}


def _restored(value: object) -> Mapping[str, str]:
    """Return the restored tables by the tables that they replace.

    A table with a stream is `NAME/stream/LABEL`, the end of the ARN of its stream.
    """
    if isinstance(value, str):
        pairs = (part.partition("=") for part in value.split(","))
        value = {table: name for table, _, name in pairs}
    if not isinstance(value, Mapping) or not value:
        raise ValueError(value)
    for table, name in value.items():
        form = _NAME + (_STREAM if table in FOLLOWED else "")
        if table not in TABLES or not re.fullmatch(form, str(name)):
            raise ValueError(value)
    return {str(table): str(name) for table, name in value.items()}


_tag_key = text(rf"(?!(?i:aws):)(?!{STACK_TAG}$){_TAG_TEXT}{{1,128}}")

DEPLOYMENT: Setting[str | None] = Setting(
    key="deployment",
    meaning="The file of settings to read: deployments/NAME.json. Not accepted in such a file.",
    accepts="the name of a file in deployments, without .json",
    parse=text("[A-Za-z0-9][A-Za-z0-9_-]{0,99}"),
    default=None,
    shown_default=NONE,
)
ACCOUNT: Setting[str | None] = Setting(
    key="account",
    meaning="The only AWS account to deploy to. With the credentials of another account the "
    "deployment stops. Without it, the account of the credentials.",
    accepts="an account id of 12 digits, as a text",
    parse=text("[0-9]{12}"),
    default=None,
    shown_default=NONE,
)
REGION: Setting[str | None] = Setting(
    key="region",
    meaning="The AWS Region to deploy to. Without it, the Region of the environment.",
    accepts="a Region such as eu-west-1",
    parse=text("[a-z]{2,5}(-[a-z]+)+-[0-9]+"),
    default=None,
    shown_default=NONE,
)
PYTHON: Setting[tuple[int, int]] = Setting(
    key="python",
    meaning="The Python version of the Lambda runtime. The emulator uses the version that runs it.",
    accepts="one of " + ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS),
    parse=_python,
    default=(3, 13),
    shown_default="3.13",
)
TAGS: Setting[Mapping[str, str]] = Setting(
    key="tags",
    meaning=f"Tags for the stack and its resources. The tag `{STACK_TAG}` with the name of the "
    "stack is always added.",
    accepts='an object such as {"team": "security"}, or pairs such as team=security,cost=42; '
    f"at most {MOST_TAGS} tags, and none that begins with aws:",
    parse=_tags,
    default={},
    shown_default=NONE,
)
TERMINATION_PROTECTION: Setting[bool | None] = Setting(
    key="terminationProtection",
    meaning="Whether CloudFormation refuses to delete the stack.",
    accepts=TRUE_OR_FALSE,
    parse=boolean,
    default=None,
    shown_default="true; false on the emulator",
)
RESTORED_TABLES: Setting[Mapping[str, str]] = Setting(
    key="restoredTables",
    meaning="The restored tables that the stack uses instead of its own, as `gcsmttr restore` "
    "prints them.",
    accepts="tables with their names, such as Ledger=Gcsmttr-Ledger-restored, with commas between "
    "them; those that functions follow with their stream, NAME/stream/LABEL",
    parse=_restored,
    default={},
    shown_default=NONE,
)

SETTINGS = settings_in(vars())
