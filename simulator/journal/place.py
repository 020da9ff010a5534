"""The folder a file lies in: made so that it lasts, and known to be on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from simulator.journal.faults import from_system

_REMOTE = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs"}
    | {"glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)


def make_folder(folder: Path) -> None:
    """Make a folder, readable by its owner only, so that it outlives a power cut.

    Raises StoreReadOnly, StoreFull, or StoreMissing if something else has its name.
    """
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in missing:
            with suppress(PermissionError):  # a parent that only lets us pass through
                keep_names(made.parent)
    except OSError as error:
        raise from_system(error, folder) from error


def keep_names(folder: Path) -> None:
    """Make what was created, renamed or deleted in `folder` outlive a power cut."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def keep_bytes(file: Path) -> None:
    """Make what was written to `file`, by whatever process, outlive a power cut."""
    _sync(file, os.O_RDONLY)


def on_network_filesystem(path: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Return whether `path` lies on a network file system, as far as Linux tells.

    Where there is no table of mounts (macOS) the answer is no.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    kinds = {}
    for line in lines:
        _, point, kind, *_ = (*line.split(" "), "", "")
        kinds[Path(_unescaped(point))] = kind
    here = path.resolve()
    nearest = next((kinds[part] for part in (here, *here.parents) if part in kinds), "")
    return nearest in _REMOTE


def _unescaped(point: str) -> str:
    for code, char in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        point = point.replace(code, char)
    return point


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
