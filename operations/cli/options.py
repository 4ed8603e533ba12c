"""What all commands accept: the stack, the local stack, and JSON; and names of GitHub.

Owns these options, which can be before and after the name of a command, and finds the deployment
that they select.
"""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

from operations import deployment, local_stack
from operations.cli.exit_status import ExitStatus
from operations.cli.output import Output
from operations.deployment import Deployment

STACK_VARIABLE = "GCSMTTR_STACK"

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of all commands, as far as they are given."""

    stack: str | None = None
    is_local: bool = False
    is_json: bool = False

    def deployment(self) -> Deployment:
        """Return the selected deployment.

        Raises:
            UsageError: No deployment is selected, or two are.
            NoStackError: It does not exist.
            NoLocalStackError: `make run` does not run.
        """
        if self.is_local and self.stack:
            raise click.UsageError("Give --stack or --local, not both.")
        if self.is_local:
            return deployment.on_emulator(local_stack.read())
        stack = self.stack or os.environ.get(STACK_VARIABLE)
        if not stack:
            raise click.UsageError(
                f"Name the stack: give --stack NAME, or set {STACK_VARIABLE}. The stack of"
                " `make run` is --local."
            )
        return deployment.in_account(stack)


class Name(click.ParamType[str]):
    """A name of GitHub that `is_valid` accepts; `shape` describes such names."""

    name = "name"

    def __init__(self, is_valid: Callable[[str], bool], shape: str) -> None:
        self._is_valid = is_valid
        self._shape = shape

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a valid name as it is."""
        if not self._is_valid(value):
            self.fail(f"{value!r} is not {self._shape}.", param, ctx)
        return value


def shared_options(command: Function) -> Function:
    """Add the options of all commands. Of two values for the same option, the later one counts."""
    for option in (
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            callback=_keep("is_json"),
            help="Print one JSON document, for scripts.",
        ),
        click.option(
            "--local",
            is_flag=True,
            expose_value=False,
            callback=_keep("is_local"),
            help="Use the stack that `make run` has started.",
        ),
        click.option(
            "--stack",
            metavar="NAME",
            expose_value=False,
            callback=_keep("stack"),
            help=f"The name of the stack. Default: the variable {STACK_VARIABLE}.",
        ),
    ):
        command = option(command)
    return command


def deployment_command(
    command: Callable[..., ExitStatus],
) -> Callable[..., ExitStatus]:
    """Call a command with the selected deployment and the output, before its own arguments."""

    @functools.wraps(command)
    def call(**given: Any) -> ExitStatus:  # noqa: ANN401
        choices = click.get_current_context().find_object(Choices) or Choices()
        return command(choices.deployment(), Output(is_json=choices.is_json), **given)

    return shared_options(call)


def _keep(field: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """Return a callback that keeps an option in the choices of its context."""

    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:  # noqa: ANN401
        if value:
            choices = context.find_object(Choices) or Choices()
            context.obj = replace(choices, **{field: value})

    return keep
