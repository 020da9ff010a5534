"""The kiosk with a second person's word before a restart."""

from __future__ import annotations

import pytest

from simulator.content.pack import Pack, pack_of


@pytest.fixture(scope="session")
def guarded(stuck: Pack) -> Pack:
    """The smallest scenario, in which restarting needs the incident commander's word."""
    place = "scenarios/kiosk/system.yaml"
    rule = "approvals:\n  - {action: restart, by: [incident-commander]}\n"
    return pack_of(stuck.name, {**stuck.texts, place: stuck.texts[place] + rule})
