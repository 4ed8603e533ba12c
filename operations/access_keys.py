"""The command that hands out API keys: `python -m operations.access_keys create ci --stack …`.

    create NAME   prints a new key, once; only its hash is stored
    list          prints each key's name, creation and revocation
    revoke NAME   makes the keys of that name invalid, within half a minute

Several keys may be valid at once, also under one name: to rotate, create, switch over, revoke.
The exit status is 1 if there was nothing to revoke, 3 if there is no such stack.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import boto3

from graphql_api.access.key_store import AccessKeyStore
from ingest.instant import to_ms, to_text
from operations.stack_outputs import NO_STACK, NoStackError, outputs_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        table = outputs_of(boto3.client("cloudformation"), given.stack)["AccessKeysTable"]
    except NoStackError as error:
        print(error, file=sys.stderr)
        return NO_STACK
    store = AccessKeyStore(boto3.client("dynamodb"), table)
    now = to_text(to_ms(datetime.now(UTC)))
    if given.command == "create":
        print(store.create(given.name, now=now))
    elif given.command == "revoke":
        revoked = store.revoke(given.name, now=now)
        print(f"{revoked} revoked", file=sys.stderr)
        return 0 if revoked else 1
    else:
        for key in sorted(store.all(), key=lambda one: (one.name, one.created_at)):
            print(f"{key.name}\t{key.created_at}\t{key.revoked_at or 'valid'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    stack = argparse.ArgumentParser(add_help=False)
    stack.add_argument("--stack", required=True, help="whose keys, such as Gcsmttr")
    parser = argparse.ArgumentParser(
        prog="python -m operations.access_keys",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in (("create", "a new key, printed once"), ("revoke", "make keys invalid")):
        command = commands.add_parser(name, parents=[stack], help=summary)
        command.add_argument("name", help="who or what uses the key")
    commands.add_parser("list", parents=[stack], help="the keys that were ever created")
    return parser


if __name__ == "__main__":
    sys.exit(main())
