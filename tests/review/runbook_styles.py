"""Runbooks in the shapes that people write them in, and every edit that a step can get."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.content.runbook import Runbook
from simulator.review.revising import edits as e

TIGHT = """\
# Outage

1. Acknowledge the alert.
2. Look at the dashboard.
   Expected: errors below 1 %.
3. Restart the kiosk: `kioskctl restart`
4. Check that the errors are gone.
"""

ONES = """\
# Outage

1. Acknowledge the alert.

1. Restart the kiosk.

   ```bash
   kubectl rollout restart deploy/kiosk
   ```

1. Check the kiosk.
"""

BULLETS = """\
# Outage

## Steps

* Acknowledge the alert.
* Restart the kiosk.
  ```
  $ kioskctl restart
  restarted
  ```
* Verify the kiosk.
  * in the front
  * in the back
"""

TASKS = """\
# Outage

- [ ] Acknowledge the alert
- [ ] Restart the kiosk
- [x] Verify the kiosk
"""

HEADINGS = """\
# Outage

## Step 1: Acknowledge the alert

Somebody has to.

## Step 2: Restart the kiosk

```console
$ kioskctl restart
restarted
```

## Step 3: Verify the kiosk

It should sell again.
"""

WRAPPED = """\
# Outage

1. Acknowledge the alert on the pager, so that nobody else is woken by
   it and everybody knows that somebody is there.
2. Restart the kiosk with the command below, and wait until it has come
   back, which takes a minute or so on a cold day.

   ~~~sh
   kubectl rollout restart deploy/kiosk
   ~~~

3. Look whether it sells tickets again, to everybody and at every one of
   the three counters in the hall.
"""

NINE = "# Outage\n\n" + "".join(
    f"{n}. Turn the screw number {n}.\n\n{' ' * len(f'{n}. ')}Expected: `{n}`.\n\n"
    for n in range(1, 13)
)

MARKED = """\
---
title: Outage
owner: Ada Moreau, Station
---

# Outage

<!-- old text: 1. Kick it. -->

1. Acknowledge the alert. <!-- step: ack -->

   Expected: your name.

2. Restart. <!-- step: restart -->

   ```sh
   kioskctl restart
   ```

   Expected: `restarted`.

   If not: call Ada.

3. Verify. <!-- step: verify -->

> **Warning:** mind the door.

4. Close the door. <!-- step: close -->
"""

STYLES = {
    "tight": TIGHT, "ones": ONES, "bullets": BULLETS, "tasks": TASKS, "headings": HEADINGS,
    "wrapped": WRAPPED, "nine": NINE, "marked": MARKED,
}  # fmt: skip

TABLE = """\
# Outage

| Symptom | Action |
| --- | --- |
| slow | Restart the kiosk |
| dead | Replace the kiosk |
"""

NEW = e.NewStep(
    "release-the-ledger", "Release the ledger.", ("shopctl ledger release",), ("ledger released",),
    "{action: release}", "action:release",
)  # fmt: skip
LONG = "Look at the dashboard Payment rail: Unsettled payments 4.2 to 5.6, and at nothing else."


def edits_of(book: Runbook) -> Iterator[e.Edit]:
    """Yield an edit of every kind for each of a runbook's steps."""
    for at, step in enumerate(book.steps):
        yield e.Command(step.id, ("kioskctl restart --now `date`",))
        yield e.Expected(step.id, ("3 running",))
        yield e.Expected(step.id, ("NAME    READY", "web     ```3/3"))
        yield e.Text(step.id, LONG)
        yield e.Text(step.id, "do not restart now.", warning=True)
        yield e.Optional(step.id)
        yield e.Remove(step.id)
        yield e.Insert((NEW,), step.id)
        if at:
            yield e.Move(step.id, book.steps[at - 1].id)
            yield e.Free(book.steps[at - 1].id, step.id)
