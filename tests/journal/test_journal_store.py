"""Where exercises live, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.journal import Store, StoreMissing, on_network_filesystem
from simulator.journal.store import LETTERS


def test_the_argument_wins_over_the_environment_and_that_over_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TABLETOP_HOME", raising=False)
    assert Store.locate().root.name == "tabletop"
    assert tmp_path in Store.locate().root.parents
    monkeypatch.setenv("TABLETOP_HOME", str(tmp_path / "team"))
    assert Store.locate().root == tmp_path / "team"
    assert Store.locate(tmp_path / "here").root == tmp_path / "here"
    assert Store.locate("~/there").root == tmp_path / "home" / "there"
    assert list(tmp_path.iterdir()) == []


def test_an_exercise_is_one_file_named_by_its_id(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert store.ids() == []
    with store.create("k3xx") as journal:
        journal.append("a", "one")
    assert store.path_of("k3xx") == tmp_path / "store" / "exercises" / "k3xx.tabletop"
    assert [path.name for path in (tmp_path / "store" / "exercises").iterdir()] == ["k3xx.tabletop"]
    assert store.ids() == ["k3xx"]
    for name in ("k3xx", store.path_of("k3xx"), str(store.path_of("k3xx"))):
        with store.open(name, write=False) as journal:
            assert journal.read()[0].body == "one"


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.create("k3xx").close()
    assert (store.root / "exercises").stat().st_mode & 0o077 == 0


def test_ids_are_easy_to_read_out(tmp_path: Path) -> None:
    ids = {Store.new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(name) == 10 and set(name) <= set(LETTERS) for name in ids)
    assert all(Store(tmp_path).path_of(name) for name in ids)


@pytest.mark.parametrize("name", ["", "..", "../other", "a/b", "A", "-x", "a b", "x" * 65, "é"])
def test_what_is_no_id_finds_nothing_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreMissing):
        Store(tmp_path).path_of(name)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("in the way")
    with pytest.raises(StoreMissing, match="not a folder"):
        Store(tmp_path / "store").create("k3xx")


def test_a_network_disk_is_recognised_by_its_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    here = str(tmp_path.resolve())
    mounts.write_text(
        "overlay / overlay rw 0 0\n"
        f"server:/vol {here}/far nfs4 rw 0 0\n"
        f"tmpfs {here}/far/near tmpfs rw 0 0\n"
        f"me@host:/ {here}/my\\040files fuse.sshfs rw 0 0\n"
        "odd\n"
    )
    found = {
        name: on_network_filesystem(tmp_path / name, mounts)
        for name in (".", "far", "far/away", "far/near/by", "my files/x", "farther")
    }
    assert [name for name, remote in found.items() if remote] == ["far", "far/away", "my files/x"]
    assert not on_network_filesystem(tmp_path, tmp_path / "no such table")
