"""The end of each command's help: an example, and the exit statuses that are special to it."""

from operations.cli.exit_status import ExitStatus


def epilog(*examples: str, found: str = "") -> str:
    r"""Return the text after the options; `\b` keeps the line breaks of a paragraph.

    Args:
        examples: Command lines that do something useful.
        found: What the exit status 1 means, a sentence.
    """
    lines = "\n".join(f"  {one}" for one in examples)
    title = "Example" if len(examples) == 1 else "Examples"
    parts = [f"\b\n{title}:\n{lines}"]
    if found:
        parts.append(f"Exit status {ExitStatus.FOUND}: {found}")
    return "\n\n".join(parts)
