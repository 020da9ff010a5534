"""Prose as authors write it in YAML: wrapped at their editor's width, shown at ours."""

from __future__ import annotations

_KEPT = ("- ", "* ", "  ", "\t", "|", ">")


def reflowed(text: str) -> str:
    """Return a text with each paragraph on one line; lists and indented lines stay as they are."""
    paragraphs: list[str] = []
    for block in text.strip().split("\n\n"):
        lines: list[str] = []
        for line in block.splitlines():
            if lines and not line.startswith(_KEPT) and not lines[-1].startswith(_KEPT[2:]):
                lines[-1] = f"{lines[-1]} {line.strip()}"
            else:
                lines.append(line.rstrip())
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
