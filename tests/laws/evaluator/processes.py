"""The rule `process.status`: whether a process moves, from its own facts and those of its tracks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.laws.evaluator.agreements import APPLICATIONS, CONSENTS, ENDS, Agreement
from tests.laws.evaluator.days import NEVER, Days
from tests.laws.evaluator.deadlines import Deadline, deadline_on, moves_forward, visible_deadline
from tests.laws.evaluator.steps import last_word, last_words, order
from tests.laws.evaluator.talks import TALK_ORDER, Talk, moves_day, talk_on, visible_talk, with_attendance, worded
from tests.laws.evaluator.world import Step, World

CLOSING_ORDER = order("OPENED", "RESUMED", "COLLAPSED", "CONCLUDED")
PAUSE_ORDER = order("SUSPENDED", "RESUMED")
SITTING = order("OPENED", "ADJOURNED", "CONCLUDED", "COLLAPSED")
FORWARD = ("PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", *CONSENTS, *APPLICATIONS, "AMENDED", "RESUMED")
STALL_AFTER_DAYS, FRESH_DAYS = 30, 90

LONGEST_WAIT = 200
"""Days from the first word of a talk to the last day on which it may begin: the worlds have fewer."""


@dataclass(frozen=True, order=True)
class Coming:
    """A talk or a deadline that lies ahead."""

    last: int
    first: int
    title: str
    key: str
    type_: str
    is_live: bool


class Processes:
    """The processes of a world, with their days remembered."""

    def __init__(self, world: World, agreements: dict[str, Agreement]) -> None:
        self.world, self.agreements, self.steps = world, agreements, world.steps
        self.talk: Callable[[str, int], Talk] = cache(lambda key, day: talk_on(world, key, day))
        self.deadline: Callable[[str, int], Deadline] = cache(lambda key, day: deadline_on(world, key, day))
        self.status: Callable[[str, int], str] = cache(self.judge)
        self.dated: Callable[[str], list[tuple[int, Days]]] = cache(lambda key: list(self.movements(key)))
        self.is_sitting: Callable[[str, int], bool] = cache(self.sits)
        self.visible: Callable[[str], int] = cache(self.visible_from)
        self.last_sitting: Callable[[str, int], int | None] = cache(self.sat_last)

    def judge(self, key: str, day: int) -> str:
        if (closing := self.closing(key, day)) in ("CONCLUDED", "COLLAPSED"):
            return str(closing)
        if self.is_suspended(key, day):
            return "SUSPENDED"
        coming = self.coming(key, day)
        if (
            day - self.began_or_moved(key, day) <= self.patience(key)
            or any(each.is_live for each in coming)
            or any(self.visible(track) <= day and self.status(track, day) == "ACTIVE" for track in self.tracks(key))
        ):
            return "ACTIVE"
        return "WAITING" if coming else "STALLED"

    def patience(self, key: str) -> int:
        return int(self.world.records["process"][key].get("stallAfterDays", STALL_AFTER_DAYS))

    def tracks(self, key: str) -> list[str]:
        return [each["key"] for each in self.world.all("process", parent=key)]

    def tree(self, key: str) -> list[str]:
        return [key, *(each for track in self.tracks(key) for each in self.tree(track))]

    def belonging(self, type_: str, key: str) -> list[str]:
        """The records of a type that belong to a process or to its tracks."""
        tree = self.tree(key)
        return [each["key"] for each in self.world.all(type_) if self.world.process_of(type_, each["key"]) in tree]

    # --- closed, suspended -----------------------------------------------------------------------

    def closing(self, key: str, day: int) -> str | None:
        steps = [step for step in self.steps("process", key) if step.counts.first <= day]
        closed = self.world.date("process", key, "closed")
        if closed and closed.first <= day:
            steps = [*steps, Step("closed", "CONCLUDED", closed, closed)]
        return last_word(steps, CLOSING_ORDER)

    def is_suspended(self, key: str, day: int) -> bool:
        steps = [step for step in self.steps("process", key) if step.counts.first <= day and step.kind in PAUSE_ORDER]
        lifting = [step for step in steps if step.voice is None and step.kind == "RESUMED"]
        for voice in {step.voice for step in steps}:
            own = [step for step in steps if step.voice == voice and step not in lifting]
            if last_word([*own, *lifting], PAUSE_ORDER) == "SUSPENDED":
                return True
        return False

    # --- movement --------------------------------------------------------------------------------

    def last_activity(self, key: str, day: int) -> int | None:
        found = [min(when.last, day) for first, when in self.dated(key) if first <= day]
        sittings = (self.last_sitting(talk, day) for talk in self.belonging("talk", key))
        return max((*found, *(each for each in sittings if each is not None)), default=None)

    def movements(self, key: str) -> Iterator[tuple[int, Days]]:
        """The dated steps that take a process forward, each with the day from which it counts as that."""
        for process in self.tree(key):
            yield from self.of_kinds("process", process, "OPENED", "RESUMED")
        for agreement in self.belonging("agreement", key):
            yield from self.of_kinds("agreement", agreement, *FORWARD)
            for row in self.world.all("signature", agreement=agreement):
                if signed := self.world.date("signature", row["key"], "signed"):
                    yield signed.first, signed
        for deadline in self.belonging("deadline", key):
            yield from self.of_kinds("deadline", deadline, "MET")
            yield from moves_forward(self.world, deadline)
        for type_ in ("condition", "provision"):
            for each in self.belonging(type_, key):
                yield from self.of_kinds(type_, each, "MET")

    def of_kinds(self, type_: str, key: str, *kinds: str) -> Iterator[tuple[int, Days]]:
        return ((step.counts.first, step.counts) for step in self.steps(type_, key) if step.kind in kinds)

    def sat_last(self, talk: str, day: int) -> int | None:
        """The last day up to a day on which a talk sat, each judged as it stood then."""
        first = self.earliest(talk)
        return next((each for each in range(day, first - 1, -1) if self.is_sitting(talk, each)), None)

    def sits(self, talk: str, day: int) -> bool:
        """Whether a talk sits on a day, as it stood then: from OPENED to the step that ends it, or to its end."""
        counted = [step for step in self.steps("talk", talk) if step.counts.first <= day]
        told = with_attendance(self.world, talk, counted, day)
        course = last_words(told, SITTING)
        # A talk of which only its end is told sat on that day.
        if any(day <= step.counts.last for step in course):
            return True
        ends = self.talk(talk, day).ends
        is_put_off = last_word(worded(told), TALK_ORDER) not in ("OPENED", "ADJOURNED")
        is_open = any(step.kind == "OPENED" for step in course) and not is_put_off
        return is_open and ends is not None and day <= ends.last

    def earliest(self, talk: str) -> int:
        starts = self.world.date("talk", talk, "starts")
        found = [step.counts.first for step in self.steps("talk", talk)]
        return min([*found, starts.first if starts else visible_talk(self.world, talk)])

    # --- to come ---------------------------------------------------------------------------------

    def coming(self, key: str, day: int) -> list[Coming]:
        """The talks and deadlines that lie ahead, first things first."""
        patience = self.patience(key)
        talks = (self.coming_talk(each, day, patience) for each in self.belonging("talk", key))
        deadlines = (self.coming_deadline(each, day, patience) for each in self.belonging("deadline", key))
        return sorted(each for each in (*talks, *deadlines) if each)

    def coming_talk(self, key: str, day: int, patience: int) -> Coming | None:
        talk = self.talk(key, day)
        starts, seen = talk.starts, visible_talk(self.world, key)
        if seen > day or talk.status not in ("SCHEDULED", "EXPECTED") or starts is None or starts.last == NEVER:
            return None
        if self.is_closed("talk", key, day):
            return None
        told = [step for step in self.steps("talk", key) if step.kind in ("ANNOUNCED", "SCHEDULED") or moves_day(step)]
        return self.ahead("talk", key, starts, told, seen, day, patience)

    def coming_deadline(self, key: str, day: int, patience: int) -> Coming | None:
        deadline, seen = self.deadline(key, day), visible_deadline(self.world, key)
        if seen > day or deadline.status not in ("PENDING", "DUE_SOON", "IN_WINDOW") or deadline.due is None:
            return None
        if self.world.records["deadline"][key].get("every") or self.is_closed("deadline", key, day):
            return None
        kinds = ("SET", "TRIGGERED", "EXTENDED", "SHORTENED")
        told = [step for step in self.steps("deadline", key) if step.kind in kinds]
        return self.ahead("deadline", key, deadline.due, told, seen, day, patience)

    def ahead(self, type_: str, key: str, when: Days, told: list[Step], seen: int, day: int, patience: int) -> Coming:
        news = max((min(step.counts.last, day) for step in told if step.counts.first <= day), default=seen)
        is_live = day - news <= FRESH_DAYS or when.last - day <= patience
        return Coming(when.last, when.first, self.world.records[type_][key]["title"], key, type_, is_live)

    def is_closed(self, type_: str, key: str, day: int) -> bool:
        """Whether its own process, or the agreement it belongs to, has ended."""
        for owner_type, owner in self.world.owners(type_, key)[1:]:
            if owner_type == "agreement" and self.agreements[owner].status(day) in ENDS:
                return True
            if owner_type == "process" and self.closing(owner, day) in ("CONCLUDED", "COLLAPSED"):
                return True
        return False

    def next_of(self, type_: str, key: str, day: int) -> str | None:
        if self.closing(key, day) in ("CONCLUDED", "COLLAPSED"):
            return None
        return next((each.key for each in self.coming(key, day) if each.type_ == type_), None)

    # --- days ------------------------------------------------------------------------------------

    def began_or_moved(self, key: str, day: int) -> int:
        if (moved := self.last_activity(key, day)) is not None:
            return moved
        opened = self.world.date("process", key, "opened")
        return opened.first if opened and opened.first <= day else self.first_seen(key)

    def visible_from(self, key: str) -> int:
        """The first day on which it can be seen: by itself, or since something took it forward."""
        sittings = (self.sat_first(talk) for talk in self.belonging("talk", key))
        return min(self.first_seen(key), *(first for first, _ in self.dated(key)), *sittings, NEVER)

    def sat_first(self, talk: str) -> int:
        """The first day on which a talk sat, each judged as it stood then."""
        first = self.earliest(talk)
        return next((each for each in range(first, first + LONGEST_WAIT) if self.is_sitting(talk, each)), NEVER)

    def first_seen(self, key: str) -> int:
        opened = self.world.date("process", key, "opened")
        return min(
            *(min(step.told.first, step.counts.first) for step in self.steps("process", key)),
            opened.first if opened else NEVER,
            self.world.published("process", key),
            NEVER,
        )
