"""The rules `party.state` and `agreement.status`: where each party stands, and what that makes of the text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from tests.laws.evaluator.days import NEVER, Days
from tests.laws.evaluator.deadlines import deadline_on
from tests.laws.evaluator.steps import last_word, last_words, order
from tests.laws.evaluator.world import Step, World

OWN_ORDER = order(
    "REJECTED", "INITIALLED", "SIGNED", "ACCEPTED APPROVED RATIFIED ACCEDED",
    "PROVISIONALLY_APPLIED ENTERED_INTO_FORCE", "SUSPENDED", "RESUMED", "REPUDIATED WITHDRAWN",
)  # fmt: skip
"""A step of one of these kinds that has an actor is that party's own; every other is of all."""

CONSENTS = ("RATIFIED", "ACCEPTED", "APPROVED", "ACCEDED")
APPLICATIONS = ("PROVISIONALLY_APPLIED", "ENTERED_INTO_FORCE")
LEAVES = ("REPUDIATED", "WITHDRAWN")
ENDS = ("EXPIRED", "SUPERSEDED", "TERMINATED")
END_ORDER = order(
    "SUSPENDED", "RESUMED ENTERED_INTO_FORCE PROVISIONALLY_APPLIED", "EXPIRED", "SUPERSEDED", "TERMINATED"
)  # fmt: skip

REJECTION_ORDER = order(
    "PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "REJECTED", "SIGNED", "RATIFIED ACCEPTED APPROVED ACCEDED"
)  # fmt: skip


def party_state(steps: Iterable[Step], day: int) -> str:
    """The state of a party by its own steps."""
    counted = [step for step in unrevoked(steps, day) if step.counts.first <= day]
    word = last_word(counted, OWN_ORDER)
    if word == "RESUMED":
        counted = [step for step in counted if step.kind not in ("SUSPENDED", "RESUMED")]
        word = last_word(counted, OWN_ORDER)
    if word in ("ACCEPTED", "APPROVED") and not any(step.kind == "SIGNED" for step in counted):
        return "AGREES"
    if word in (*CONSENTS, *APPLICATIONS):
        return "CONSENTED"
    return "WITHDRAWN" if word in LEAVES else word or "EXPECTED"


def unrevoked(steps: Iterable[Step], day: int) -> list[Step]:
    """Leave out the notices to leave that the party took back by RESUMED before they had effect."""
    found = list(steps)
    resumed = [step.counts for step in found if step.kind == "RESUMED" and step.counts.first <= day]
    return [
        step
        for step in found
        if step.kind not in LEAVES or not any(step.told.last < when.first < step.counts.first for when in resumed)
    ]


def leaves_on(steps: Iterable[Step], day: int) -> int | None:
    """The day on which a notice takes effect that was given and has none yet."""
    return min(
        (
            step.counts.first
            for step in unrevoked(steps, day)
            if step.kind in LEAVES and step.told.first <= day < step.counts.first
        ),
        default=None,
    )


class Agreement:
    """An agreement, its parties and the ends that its status is made of. A day's status is remembered."""

    def __init__(self, world: World, key: str, others: dict[str, Agreement]) -> None:
        self.world, self.key, self.others = world, key, others
        self.record = world.records["agreement"][key]
        self.statuses: dict[int, str] = {}

    @cached_property
    def steps(self) -> list[Step]:
        return self.world.steps("agreement", self.key)

    @cached_property
    def of_all(self) -> list[Step]:
        return [step for step in self.steps if step.actor is None or step.kind not in OWN_ORDER]

    @cached_property
    def rows(self) -> frozenset[str]:
        return frozenset(self.world.rows(self.key))

    @cached_property
    def own(self) -> dict[str, list[Step]]:
        """Party, or outsider -> its own steps, of which its signature is one."""
        found: dict[str, list[Step]] = {party: [] for party in self.rows}
        for step in self.steps:
            if step.actor is not None and step.kind in OWN_ORDER:
                found.setdefault(str(step.voice), []).append(step)
        for party, row in self.world.rows(self.key).items():
            if (signed := self.world.date("signature", row["key"], "signed")) is not None:
                found[party].append(Step(row["key"], "SIGNED", signed, signed, party, party))
        return found

    def parties(self, day: int) -> list[str]:
        """The rows, and who came in by its own first step."""
        return [actor for actor, steps in self.own.items() if actor in self.rows or self.has_joined(steps, day)]

    def has_joined(self, steps: list[Step], day: int) -> bool:
        first = min(step.counts.first for step in steps)
        accedes = any(step.kind == "ACCEDED" and step.counts.first == first for step in steps)
        return first <= day and (not self.rows or accedes)

    def state(self, party: str, day: int) -> str:
        return party_state(self.own.get(party, []), day)

    def signings(self, party: str, day: int) -> list[Step]:
        """The steps by which a party signs; accepting or approving a text is none."""
        signing = ("SIGNED", "RATIFIED", "ACCEDED", *APPLICATIONS)
        return [step for step in self.own[party] if step.counts.first <= day and step.kind in signing]

    def are_all(self, parties: list[str], fulfilled: Iterable[str]) -> bool:
        """Whether every party fulfils something, and there are enough of them."""
        fewest = 1 if self.record["kind"] == "UNILATERAL" else 2
        return len(parties) >= fewest and set(parties) <= set(fulfilled)

    # --- the status ------------------------------------------------------------------------------

    def status(self, day: int) -> str:
        if day not in self.statuses:
            self.statuses[day] = self.judge(day)
        return self.statuses[day]

    def judge(self, day: int) -> str:
        word = last_word([*self.ending_steps(day), *self.computed_ends(day)], END_ORDER)
        if word in ENDS:
            return str(word)
        if word == "SUSPENDED" or self.are_suspended(day):
            return "SUSPENDED"
        if self.is_applied(day):
            return "IN_FORCE"
        return "REJECTED" if self.is_rejected(day) else self.rung(day)

    def ending_steps(self, day: int) -> list[Step]:
        """The steps of all that end, suspend or apply; one that leaves without an actor ends for all."""
        return [
            Step(step.key, "TERMINATED" if step.kind in LEAVES else step.kind, step.told, step.counts)
            for step in self.of_all
            if step.counts.first <= day
        ]

    def computed_ends(self, day: int) -> list[Step]:
        found = [*self.expiries(day), *self.replacements(day), *self.departures(day)]
        return [
            Step(kind, kind, Days(when, when), Days(when, when))
            for kind, when in found
            if self.status(when - 1) not in ENDS
        ]

    def expiries(self, day: int) -> list[tuple[str, int]]:
        """The first day on which a term of it is passed, if it was signed by all or in force on the day before."""
        found = []
        for term in self.world.all("deadline", kind="TERM"):
            if term.get("subject") == {"agreement": self.key}:
                passed = day
                while deadline_on(self.world, term["key"], passed).status == "PASSED":
                    passed -= 1
                if passed < day and self.is_binding(passed):
                    found.append(("EXPIRED", passed + 1))
        return found

    def is_binding(self, day: int) -> bool:
        return self.is_applied(day) or self.rung(day) in ("RATIFIED", "SIGNED")

    def replacements(self, day: int) -> list[tuple[str, int]]:
        """The first day on which an agreement that supersedes it is in force."""
        replacing = list(self.world.all("agreement", supersedes=self.key))
        for when in range(self.earliest, day + 1) if replacing else ():
            for other in replacing:
                if self.others[other["key"]].status(when) == "IN_FORCE":
                    return [("SUPERSEDED", when)]
        return []

    @cached_property
    def earliest(self) -> int:
        """The first day on which anything may count in any agreement."""
        return min(
            (step.counts.first for other in self.others.values() for steps in (other.steps, *other.own.values())
             for step in steps),
            default=NEVER,
        )  # fmt: skip

    def departures(self, day: int) -> list[tuple[str, int]]:
        """The days on which of two parties or more fewer than two are left."""
        candidates = {step.counts.first for steps in self.own.values() for step in steps}
        return [
            ("TERMINATED", when)
            for when in sorted(candidates)
            if when <= day and self.has_too_few(when) and not self.has_too_few(when - 1)
        ]

    def has_too_few(self, day: int) -> bool:
        parties = self.parties(day)
        return len(parties) >= 2 and sum(self.state(party, day) != "WITHDRAWN" for party in parties) < 2

    def are_suspended(self, day: int) -> bool:
        """Whether all parties that have not left are suspended, and at least one."""
        parties = self.parties(day)
        states = {party: self.state(party, day) for party in parties}
        is_out = (party for party in parties if states[party] in ("SUSPENDED", "WITHDRAWN"))
        return "SUSPENDED" in states.values() and self.are_all(parties, is_out)

    def is_applied(self, day: int) -> bool:
        """Whether it entered into force, or is applied, by a step of all or by every party's own."""
        if any(step.kind in APPLICATIONS and step.counts.first <= day for step in self.of_all):
            return True
        applying = [
            party
            for party, steps in self.own.items()
            if any(step.kind in APPLICATIONS and step.counts.first <= day for step in steps)
        ]
        return self.are_all(self.parties(day), applying)

    def is_rejected(self, day: int) -> bool:
        """Whether a party rejects a text that nobody has signed, or all do and nobody signs after that."""
        parties = self.parties(day)
        of_all = [step for step in self.of_all if step.counts.first <= day]
        signings = [step for party in parties for step in self.signings(party, day)]
        if last_word(of_all, REJECTION_ORDER) == "REJECTED":
            since = max(step.counts.first for step in last_words(of_all, REJECTION_ORDER))
            return not any(since <= signing.counts.last for signing in signings)
        signings += [step for step in of_all if step.kind in ("SIGNED", *CONSENTS)]
        return not signings and any(self.state(party, day) == "REJECTED" for party in parties)

    def rung(self, day: int) -> str:
        """The furthest that it came."""
        of_all = {step.kind for step in self.of_all if step.counts.first <= day}
        parties = self.parties(day)
        states = {party: self.state(party, day) for party in parties}
        signed = [party for party in parties if self.signings(party, day)]
        if of_all & {*CONSENTS} or self.are_all(parties, (each for each in parties if states[each] == "CONSENTED")):
            return "RATIFIED"
        if "SIGNED" in of_all or self.are_all(parties, signed):
            return "SIGNED"
        if signed:
            return "PARTLY_SIGNED"
        if "INITIALLED" in of_all or self.are_all(parties, (each for each in parties if states[each] == "INITIALLED")):
            return "INITIALLED"
        if "NEGOTIATED" in of_all or self.are_all(parties, (each for each in parties if states[each] == "AGREES")):
            return "NEGOTIATED"
        return next((kind for kind in ("DRAFTED", "PROPOSED") if kind in of_all), "SOUGHT")

    # --- days ------------------------------------------------------------------------------------

    def signed_on(self, day: int) -> int | None:
        of_all = [step.counts.first for step in self.of_all if step.kind == "SIGNED" and step.counts.first <= day]
        if of_all:
            return min(of_all)
        parties = self.parties(day)
        firsts = {
            party: min(step.counts.first for step in found) for party in parties if (found := self.signings(party, day))
        }
        return max(firsts.values()) if self.are_all(parties, firsts) else None

    def violations(self, day: int) -> tuple[int, int, int | None]:
        told = [step for step in self.steps if step.kind.startswith("VIOLATION_") and step.counts.first <= day]
        alleged = sum(step.kind == "VIOLATION_ALLEGED" for step in told)
        return alleged, len(told) - alleged, max((step.counts.first for step in told), default=None)

    @cached_property
    def visible(self) -> int:
        signed = (
            self.world.date("signature", row["key"], "signed")
            for row in self.world.all("signature", agreement=self.key)
        )
        return min(
            *(min(step.told.first, step.counts.first) for step in self.steps),
            *(each.first for each in signed if each),
            self.world.published("agreement", self.key),
            NEVER,
        )
