"""Names that a participant gives to values: `export NAME=value`, `unset NAME`, `read NAME`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from simulator.world.shell.answer import Printed, ShellContext

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def run_naming(
    words: Sequence[str], context: ShellContext, environment: Mapping[str, str]
) -> Printed | None:
    """Return what a naming command leaves, None when the words are another command."""
    if words and all(_ASSIGNMENT.match(word) for word in words):
        return _assigned(words, context)
    name, *args = words or [""]
    if name in ("export", "declare", "local", "readonly"):
        given = [arg for arg in args if not arg.startswith("-")]
        return _assigned([arg for arg in given if "=" in arg], context)
    if name == "unset":
        for arg in args:
            context = context.naming(arg, "")
        return Printed(context=context)
    if name == "read":
        # what would be typed is a secret that only the environment knows
        for arg in args:
            if _NAME.fullmatch(arg):
                context = context.naming(arg, environment.get(arg, "(typed)"))
        return Printed(context=context)
    return None


def _assigned(words: Sequence[str], context: ShellContext) -> Printed:
    for word in words:
        found = _ASSIGNMENT.match(word)
        if found is None:
            name = word.partition("=")[0]
            text = f"export: `{name}': not a valid identifier\n"
            return Printed(err=text, failed=True)
        context = context.naming(found[1], found[2])
    return Printed(context=context)
