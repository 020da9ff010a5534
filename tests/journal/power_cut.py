"""A disk that can lose its power: a SQLite file system in memory that forgets what was not synced.

It records every write, sync and deletion. `after_cut` then answers what a disk would hold if
the power had failed at any of those moments: what was synced is there; each later write is
there, gone or torn at a sector's edge; a new name is there only if its folder was synced.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import apsw

SECTOR = 512


@dataclass
class File:
    """One file: what a sync made safe, and what was written since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    named: bool = False
    """Whether its name in the folder would outlive a cut."""

    def sync(self) -> None:
        for offset, data in self.since:
            apply(self.safe, offset, data)
        self.since.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.safe)
        habit = chance.choice(("drop", "keep", "mix"))
        for offset, data in self.since:
            fate = chance.choice(("drop", "keep", "tear")) if habit == "mix" else habit
            if fate == "keep" or (fate == "tear" and data is None):
                apply(content, offset, data)
            elif fate == "tear" and data is not None:
                edge = chance.randrange(0, len(data) + SECTOR, SECTOR) - offset % SECTOR
                if edge > 0:
                    apply(content, offset, data[:edge])
        return bytes(content)


def apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write `data` at `offset`; None cuts the file off there."""
    if data is None:
        del content[offset:]
        content.extend(bytes(max(0, offset - len(content))))
    else:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data


@dataclass
class Disk:
    """The files as SQLite sees them now, and everything that was ever done to them."""

    first: dict[str, bytes]
    now: dict[str, bytearray] = field(default_factory=dict)
    done: list[tuple[str, str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = {name: bytearray(content) for name, content in self.first.items()}

    def acknowledge(self, seq: int) -> None:
        """Note that an act was acknowledged at this moment."""
        self.done.append(("acknowledged", "", seq))

    def acknowledged(self, moment: int) -> int:
        """Return the last act that was acknowledged before `moment`."""
        return max(
            (what for kind, _, what in self.done[:moment] if kind == "acknowledged"), default=0
        )

    def after_cut(self, moment: int, chance: random.Random) -> dict[str, bytes]:
        """Return the files that are left if the power fails just before `moment`."""
        files = {name: File(bytearray(content), named=True) for name, content in self.first.items()}
        deleted: dict[str, File] = {}
        for kind, name, what in self.done[:moment]:
            match kind:
                case "create":
                    files[name] = File()
                case "write":
                    files[name].since.append(what)
                case "sync":
                    if not files[name].named:
                        # SQLite syncs the folder with a new log: every name in it is safe.
                        deleted.clear()
                        for file in files.values():
                            file.named = True
                    files[name].sync()
                case "delete":
                    gone = files.pop(name)
                    if what:
                        deleted.clear()
                    elif gone.named:
                        deleted[name] = gone
        back = {name: file for name, file in deleted.items() if chance.random() < 0.5}
        there = {name: file for name, file in files.items() if file.named or chance.random() < 0.5}
        return {name: file.after_cut(chance) for name, file in {**back, **there}.items()}


class PowerVFS(apsw.VFS):
    """The disk as a file system of SQLite's, under the name `power`."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__("power", base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        flags[1] = flags[0]
        if path not in self.disk.now:
            self.disk.now[path] = bytearray()
            self.disk.done.append(("create", path, None))
        return PowerFile(self.disk, path)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        if name not in self.disk.now:
            raise apsw.IOError("no such file")
        del self.disk.now[name]
        self.disk.done.append(("delete", name, syncdir))

    def xAccess(self, path: str, flags: int) -> bool:  # noqa: N802
        return path in self.disk.now

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


class PowerFile:
    """One open file of the disk."""

    def __init__(self, disk: Disk, path: str) -> None:
        self.disk, self.path = disk, path

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self.disk.now[self.path][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._write(offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._write(size, None)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.done.append(("sync", self.path, None))

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.disk.now[self.path])

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # as SQLite's own on Unix

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        return False

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        """There is one connection."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """There is one connection."""

    def xClose(self) -> None:  # noqa: N802
        """Nothing is kept for it."""

    def _write(self, offset: int, data: bytes | None) -> None:
        apply(self.disk.now[self.path], offset, data)
        self.disk.done.append(("write", self.path, (offset, data)))
