"""The command that manages API keys: `python -m operations.access_keys create ci --stack …`.

    create NAME   print a new key once; only its hash is stored
    list          print the name, creation and revocation of each key
    revoke NAME   make all keys with this name invalid, within half a minute

Several keys can be valid at the same time, also with the same name. To rotate a key, create a new
one, change the clients, then revoke the old one. The exit status is 1 if there was no key to
revoke, and 3 if the stack does not exist.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import boto3

from graphql_api.access.key_store import AccessKeyStore
from ingest.instant import to_ms, to_text
from operations.errors import NoStackError
from operations.stack_outputs import NO_STACK, outputs_of


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
        print(f"revoked keys: {revoked}", file=sys.stderr)
        return 0 if revoked else 1
    else:
        for key in sorted(store.all(), key=lambda one: (one.name, one.created_at)):
            print(f"{key.name}\t{key.created_at}\t{key.revoked_at or 'valid'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    stack = argparse.ArgumentParser(add_help=False)
    stack.add_argument("--stack", required=True, help="the name of the stack, such as Gcsmttr")
    parser = argparse.ArgumentParser(
        prog="python -m operations.access_keys",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in (
        ("create", "print a new key once"),
        ("revoke", "make all keys with a name invalid"),
    ):
        command = commands.add_parser(name, parents=[stack], help=summary)
        command.add_argument("name", help="the person or program that uses the key")
    commands.add_parser("list", parents=[stack], help="print all keys, also revoked ones")
    return parser


if __name__ == "__main__":
    sys.exit(main())
