"""The option type for a duration, such as `90d`."""

import re
from datetime import timedelta

import click

_DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


class Duration(click.ParamType[timedelta]):
    """A number and a unit: minutes, hours, days or weeks."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the duration, or fail with what is accepted."""
        if isinstance(value, timedelta):
            return value
        duration = parsed(str(value))
        if not duration:
            self.fail(
                f"{value!r} is not a duration. Write a number and a unit, such as 45m, 12h, 2d or"
                " 4w.",
                param,
                ctx,
            )
        return duration


def parsed(text: str) -> timedelta | None:
    """Return the duration that a text means, None if it is not one."""
    match = _DURATION.fullmatch(text)
    return int(match[1]) * _UNITS[match[2]] if match else None


DURATION = Duration()
