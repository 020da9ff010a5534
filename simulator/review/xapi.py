"""The report as xAPI statements, for a learning system's record store.

Individuals are not ranked in a team: of each person it is said that they attended, and what was
achieved is said of the team as a group. The names of statements are made from the exercise, so
that sending them twice is sending them once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of addresses in RFC 4122."""
_VERBS: Mapping[str, tuple[str, str]] = {
    "attended": ("http://adlnet.gov/expapi/verbs/attended", "attended"),
    "passed": ("http://adlnet.gov/expapi/verbs/passed", "passed"),
    "failed": ("http://adlnet.gov/expapi/verbs/failed", "failed"),
    "completed": ("http://adlnet.gov/expapi/verbs/completed", "completed"),
    "scored": ("http://adlnet.gov/expapi/verbs/scored", "scored"),
    "evaluated": ("http://www.tincanapi.co.uk/verbs/evaluated", "evaluated"),
}
_TYPES: Mapping[str, str] = {
    "simulation": "http://adlnet.gov/expapi/activities/simulation",
    "objective": "http://adlnet.gov/expapi/activities/objective",
    "step": "http://adlnet.gov/expapi/activities/interaction",
}


def statement_id(name: str) -> str:
    """Return the UUID, version 5, of an address."""
    digest = bytearray(hashlib.sha1(_NAMESPACE + name.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def xapi(model: Mapping[str, Any], home: str) -> str:
    """Return the statements of a report's model as JSON text.

    `home` is the address below which people, exercises and scenarios are named.
    """
    statements = list(_Teller(model, home.rstrip("/")).statements())
    return json.dumps(statements, indent=2, ensure_ascii=False)


class _Teller:
    """Tells one exercise in statements."""

    def __init__(self, model: Mapping[str, Any], home: str) -> None:
        self.model, self.home = model, home
        self.exercise = f"{home}/exercises/{quote(model['exercise'], safe='')}"
        played = model["overview"]["played"]
        self.played = datetime.fromisoformat(played) if played else None
        people = [one for one in model["participants"] if one["kind"] == "participant"]
        team = model["overview"]["team"]
        agents = [self._agent(one) for one in people]
        if team or len(agents) != 1:
            account = {"homePage": home, "name": f"team:{model['exercise']}"}
            self.achiever = {
                "objectType": "Group",
                "name": team or "Team",
                "account": account,
                "member": agents,
            }
        else:
            self.achiever = agents[0]

    def _agent(self, person: Mapping[str, Any]) -> dict[str, Any]:
        account = {"homePage": self.home, "name": person["seat"]}
        return {"objectType": "Agent", "name": person["name"], "account": account}

    def statements(self) -> Iterator[dict[str, Any]]:
        model = self.model
        for person in model["participants"]:
            context = {"extensions": {f"{self.home}/role": person["role"]}}
            yield self._statement(
                f"attended/{person['seat']}", "attended", self._agent(person), self._scenario(),
                0, None, context,
            )  # fmt: skip
        yield self._whole()
        for one in model["objectives"]:
            yield from self._objective(one)
        for step in model["steps"]:
            if step["weight"] and step["how"] != "not asked":
                yield self._step(step)
        for one in model["confirmed"]:
            yield self._evaluated(one, self._scenario(), "")
        for objective in model["objectives"]:
            for one in objective["confirmed"]:
                yield self._evaluated(one, self._activity_of(objective), objective["objective"])

    def _whole(self) -> dict[str, Any]:
        model = self.model
        passed = model["rating"] != "U"
        result = {
            "score": {
                "scaled": round(model["score"] / 100, 4),
                "raw": model["score"],
                "min": 0,
                "max": 100,
            },
            "success": passed,
            "completion": model["finished"],
            "duration": f"PT{model['ended_at']}S",
            "extensions": {
                f"{self.home}/rating": model["rating"],
                f"{self.home}/rating-reason": model["rating_why"],
                f"{self.home}/draft": model["draft"],
                f"{self.home}/recovered": model["recovered"],
                f"{self.home}/scoring-version": model["scoring_version"],
                f"{self.home}/times": model["times"],
                f"{self.home}/components": {
                    part["name"]: part["earned"] for part in model["components"]
                },
            },
        }
        verb = "passed" if passed else "failed"
        at = model["ended_at"]
        return self._statement("result", verb, self.achiever, self._scenario(), at, result)

    def _objective(self, one: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if one["proposed"] == "not observed":
            return
        passed = one["proposed"] != "U"
        result = {
            "success": passed,
            "extensions": {
                f"{self.home}/rating": one["proposed"],
                f"{self.home}/rating-reason": one["reason"],
            },
        }
        verb, at = "passed" if passed else "failed", self.model["ended_at"]
        name = f"objective/{one['objective']}"
        yield self._statement(name, verb, self.achiever, self._activity_of(one), at, result)

    def _step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        done = step["lost_share"] < 1
        result = {
            "completion": done,
            "score": {"scaled": round(1 - step["lost_share"], 4)},
            "response": step["evidence"],
            "extensions": {f"{self.home}/how": step["how"]},
        }
        if not step["evidence"]:
            del result["response"]
        activity = self._activity(f"steps/{step['step']}", step["title"], "step")
        at = self.model["ended_at"] if step["at"] is None else step["at"]
        verb = "completed" if done else "failed"
        return self._statement(f"step/{step['step']}", verb, self.achiever, activity, at, result)

    def _evaluated(
        self, one: Mapping[str, Any], activity: dict[str, Any], objective: str
    ) -> dict[str, Any]:
        account = {"homePage": self.home, "name": one["seat"]}
        actor = {"objectType": "Agent", "name": one["by"], "account": account}
        result: dict[str, Any] = {"extensions": {f"{self.home}/rating": one["rating"]}}
        if one["reason"]:
            result["response"] = one["reason"]
        name = f"evaluated/{objective}/{one['seat']}"
        return self._statement(name, "evaluated", actor, activity, one["at"], result)

    def _scenario(self) -> dict[str, Any]:
        name = self.model["scenario"]["name"]
        activity = self._activity(
            f"scenarios/{name}", self.model["scenario"]["title"], "simulation"
        )
        activity["definition"]["description"] = {"en": self.model["overview"]["summary"]}
        return activity

    def _activity_of(self, objective: Mapping[str, Any]) -> dict[str, Any]:
        scenario = self.model["scenario"]["name"]
        path = f"scenarios/{scenario}/objectives/{objective['objective']}"
        return self._activity(path, objective["text"], "objective")

    def _activity(self, path: str, name: str, kind: str) -> dict[str, Any]:
        return {
            "objectType": "Activity",
            "id": f"{self.home}/{quote(path.replace('#', '/'))}",
            "definition": {"name": {"en": name}, "type": _TYPES[kind]},
        }

    def _statement(
        self,
        name: str,
        verb: str,
        actor: dict[str, Any],
        activity: dict[str, Any],
        at: int,
        result: dict[str, Any] | None,
        more: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        address, said = _VERBS[verb]
        statement: dict[str, Any] = {
            "id": statement_id(f"{self.exercise}/{name}"),
            "actor": actor,
            "verb": {"id": address, "display": {"en": said}},
            "object": activity,
        }
        if result is not None:
            statement["result"] = result
        statement["context"] = {
            "registration": statement_id(self.exercise),
            "platform": "Tabletop",
            "language": "en",
            "revision": self.model["scenario"]["engine"],
            "contextActivities": {
                "grouping": [
                    {
                        "objectType": "Activity",
                        "id": self.exercise,
                        "definition": {
                            "name": {"en": f"Exercise {self.model['exercise']}"},
                            "type": "http://adlnet.gov/expapi/activities/attempt",
                        },
                    }
                ]
            },
            **(more or {}),
        }
        if self.played is not None:
            moment = self.played + timedelta(seconds=at)
            statement["timestamp"] = moment.isoformat()
        return statement


__all__ = ["statement_id", "xapi"]
