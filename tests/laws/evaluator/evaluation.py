"""The values that the published texts give for every record of a dossier that is visible on a day."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tests.laws.evaluator import provisions, standings
from tests.laws.evaluator.agreements import ENDS, Agreement, leaves_on
from tests.laws.evaluator.days import Days, days, written
from tests.laws.evaluator.deadlines import SETTLED, extensions, visible_deadline
from tests.laws.evaluator.processes import Processes
from tests.laws.evaluator.talks import visible_talk
from tests.laws.evaluator.world import Fields, World

Found = dict[str, Any]


class Evaluation:
    """The evaluation of one dossier, day by day."""

    def __init__(self, dossier: Fields) -> None:
        self.world = World(dossier)
        self.agreements: dict[str, Agreement] = {}
        for key in self.world.records["agreement"]:
            self.agreements[key] = Agreement(self.world, key, self.agreements)
        self.processes = Processes(self.world, self.agreements)
        self.since: Callable[[str, str, int], int] = cache(self.first_of_run)

    def on(self, day: int) -> dict[str, dict[str, Found]]:
        """List -> key -> field -> value, of the records that are visible."""
        return {
            "talks": self.of_visible("talk", self.talk, day),
            "deadlines": self.of_visible("deadline", self.deadline, day),
            "agreements": self.of_visible("agreement", self.agreement, day),
            "processes": self.of_visible("process", self.process, day),
            "provisions": {
                key: {
                    "status": provisions.provision_status(self.world, key, day),
                    "disputed": provisions.is_disputed(self.world, key, day),
                }
                for key in self.world.records["provision"]
            },
            "conditions": {
                key: {"outcome": provisions.condition_outcome(self.world, key, day)}
                for key in self.world.records["condition"]
            },
            "signatures": {row["key"]: self.party(row, day) for row in self.world.all("signature", capacity="PARTY")},
            "standings": self.standings(day),
        }

    def of_visible(self, type_: str, judge: Callable[[str, int], Found], day: int) -> dict[str, Found]:
        return {key: judge(key, day) for key in self.world.records[type_] if self.visible(type_, key) <= day}

    def visible(self, type_: str, key: str) -> int:
        match type_:
            case "talk":
                return visible_talk(self.world, key)
            case "deadline":
                return visible_deadline(self.world, key)
            case "agreement":
                return self.agreements[key].visible
        return self.processes.visible(key)

    def status(self, type_: str, key: str, day: int) -> str:
        match type_:
            case "talk":
                return self.processes.talk(key, day).status
            case "deadline":
                return self.processes.deadline(key, day).status
            case "agreement":
                return self.agreements[key].status(day)
        return self.processes.status(key, day)

    def first_of_run(self, type_: str, key: str, day: int) -> int:
        """The first day of the unbroken run of days with the status of this one."""
        status, first = self.status(type_, key, day), self.visible(type_, key)
        while day > first and self.status(type_, key, day - 1) == status:
            day -= 1
        return day

    def talk(self, key: str, day: int) -> Found:
        talk = self.processes.talk(key, day)
        ahead = talk.starts if talk.status in ("SCHEDULED", "EXPECTED") else None
        return {
            "status": talk.status,
            "statusSince": written(self.since("talk", key, day)),
            "starts": span(talk.starts),
            "daysUntil": distance(ahead, day),
            "disputed": talk.disputed,
            "city": talk.place["city"],
            "readings": talk.readings,
        }

    def deadline(self, key: str, day: int) -> Found:
        deadline = self.processes.deadline(key, day)
        remains = deadline.status not in SETTLED and not self.has_nothing_left(key, deadline.status, day)
        return {
            "status": deadline.status,
            "statusSince": written(self.since("deadline", key, day)),
            "due": span(deadline.due),
            "daysRemaining": distance(deadline.due, day) if remains else None,
            "disputed": deadline.disputed,
            "readings": deadline.readings,
            "extensions": extensions(self.world, key, day),
        }

    def has_nothing_left(self, key: str, status: str, day: int) -> bool:
        """Whether its agreement has ended otherwise than by it."""
        subject = self.world.records["deadline"][key].get("subject", {})
        ended = "agreement" in subject and self.agreements[subject["agreement"]].status(day) in ENDS
        return ended and status not in ("PASSED", "OVERDUE")

    def agreement(self, key: str, day: int) -> Found:
        agreement = self.agreements[key]
        status, since = agreement.status(day), written(self.since("agreement", key, day))
        alleged, confirmed, last = agreement.violations(day)
        mean, judged, total = provisions.implementation(self.world, key, day)
        return {
            "status": status,
            "statusSince": since,
            "signedOn": written(agreement.signed_on(day)),
            "inForceSince": since if status == "IN_FORCE" else None,
            "violations": {"alleged": alleged, "confirmed": confirmed, "last": written(last)},
            "implementation": {"mean": mean, "judged": judged, "total": total},
        }

    def party(self, row: Fields, day: int) -> Found:
        agreement = self.agreements[row["agreement"]]
        return {
            "state": agreement.state(row["actor"], day),
            "leavesOn": written(leaves_on(agreement.own[row["actor"]], day)),
        }

    def process(self, key: str, day: int) -> Found:
        found = self.processes
        status, moved, since = found.status(key, day), found.last_activity(key, day), self.since("process", key, day)
        return {
            "status": status,
            "statusSince": written(since),
            "stalledSince": written(since) if status == "STALLED" else None,
            "lastActivity": written(moved),
            "daysSinceLastActivity": None if moved is None else day - moved,
            "nextTalk": found.next_of("talk", key, day),
            "nextDeadline": found.next_of("deadline", key, day),
        }

    def standings(self, day: int) -> dict[str, Found]:
        pairs = {
            (str(each["process"]), str(each["issue"]))
            for each in self.world.all("position")
            if self.visible("process", each["process"]) <= day
            if not each.get("held") or days(str(each["held"])).first <= day
        }
        return {
            f"{process} {issue}": {"standing": standings.standing(self.world, process, issue, day)}
            for process, issue in pairs
        }


def span(when: Days | None) -> list[str | None] | None:
    return None if when is None else [written(when.first), written(when.last)]


def distance(when: Days | None, day: int) -> list[int | None] | None:
    if when is None:
        return None
    return [None if written(end) is None else end - day for end in when]
