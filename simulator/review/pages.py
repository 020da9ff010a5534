"""Pages from templates: ours, or a team's own over ours, each fault with its file and line.

A template sees plain data and can reach nothing else. In HTML everything it prints is escaped; in
Markdown everything it prints is one line of plain words, unless it says `|raw` or `|quoted`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.review.wording import clock, duration

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

OURS = Path(__file__).parent / "templates"
COPIED = "ours/"
"""How a team's template names one of ours that it extends: `{% extends "ours/report.html" %}`."""

_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_{}[]<>#|!~&"})
_BEGINNING = re.compile(r"^(?:(\d+)(?=[.)](?:\s|$))|(?=[-+](?:\s|$))|(?=(?:-[- ]*|=[= ]*)$))")
"""What would begin a list or underline a heading at the beginning of a line."""

_UNKNOWN = re.compile(r"(?:no attribute '([^']+)'|'([^']+)' is undefined)")


class Raw(str):
    """Markdown that is printed as it is."""

    __slots__ = ()


def plain_in_markdown(text: object) -> Raw:
    """Return text that a Markdown reader shows as it is, on one line, without blanks around it."""
    if isinstance(text, Raw):
        return text
    plain = " ".join(str(text).split()).translate(_MARKDOWN)
    return Raw(_BEGINNING.sub(lambda found: (found[1] or "") + "\\", plain))


def quoted(text: object) -> Raw:
    """Return text as a Markdown quotation that keeps its lines."""
    lines = str(text).splitlines() or [""]
    return Raw("\n".join(f"> {plain_in_markdown(line)}".rstrip() for line in lines))


def render(name: str, context: Mapping[str, Any], folder: Path | None = None) -> str:
    """Return the page that a template writes; the same context gives the same text.

    `folder` is a team's own, whose templates go before ours. Raises ContentError that names the
    template's file and line.
    """
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    environment = _environment(name.endswith(".md"), folder)
    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        file = error.filename or error.name or name
        problem = Problem(file, error.lineno, None, error.message or "cannot be read")
    except Exception as error:
        place, line = _where(error, folder)
        if place is None and not isinstance(error, TemplateError):
            raise
        fault = str(error) or type(error).__name__
        if isinstance(error, TemplateNotFound):
            fault = f'there is no template "{error.name}"'
        problem = Problem(place or name, line, None, fault, _remedy(fault, context))
    raise ContentError([problem])


@lru_cache(maxsize=4)  # it keeps its templates compiled, and looks whether they changed
def _environment(markdown: bool, folder: Path | None) -> SandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    ours = FileSystemLoader(OURS)
    loaders = [PrefixLoader({COPIED.rstrip("/"): ours}), ours]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder), *loaders] if folder else loaders),
        autoescape=not markdown,
        finalize=plain_in_markdown if markdown else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    told: type[str] = Raw if markdown else str
    environment.filters.update(
        duration=lambda seconds: told(duration(seconds)),
        clock=lambda at: told(clock(at)),
        raw=Raw,
        quoted=quoted,
    )
    return environment


def _where(error: Exception, folder: Path | None) -> tuple[str | None, int | None]:
    """Return the template and the line in which something went wrong, the innermost one."""
    found: tuple[str | None, int | None] = None, None
    folders = [str(one) for one in (OURS, folder) if one is not None]
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if any(Path(file).is_relative_to(one) for one in folders):
            found = file, trace.tb_lineno
        trace = trace.tb_next
    return found


def _remedy(fault: str, context: Mapping[str, Any]) -> str | None:
    """Return the nearest name that there is, where a template asked for one that is not."""
    unknown = _UNKNOWN.search(fault)
    if unknown is None:
        return None
    return did_you_mean(unknown[1] or unknown[2], set(names_in(context)))


def names_in(value: object) -> Iterator[str]:
    """Yield every name by which a template can ask for something."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from names_in(inner)
    elif isinstance(value, list | tuple) and value:
        yield from names_in(value[0])


def copy_templates(folder: Path) -> list[Path]:
    """Copy our templates into a folder, for a team to change; return the files.

    Raises ContentError where one of them is there already; nothing has then been written.
    """
    files = [folder / file.name for file in sorted(OURS.iterdir())]
    there = [file for file in files if file.exists()]
    if there:
        remedy = "name an empty folder, or delete it first"
        raise ContentError(
            Problem(str(file), None, None, "is there already", remedy) for file in there
        )
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(OURS / file.name, file)
    return files
