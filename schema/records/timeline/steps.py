"""The SQL by which the rules look at dated steps: when each counts, whose voice it is, since when it can be seen.

Every rule that reads milestones reads them as `kept.step`, a composite type of the database. The functions that make
statuses of them stand in the `.sql` files beside the records.
"""

from __future__ import annotations

from pathlib import Path

# The actors for whom a person or a body speaks: itself, then whom its dated offices and memberships on that day or its
# `parent` lead to.
REACHED = """
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from {any actor} a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from {any office} o where o.person_id = r.id
                union all
                select b.group_id, b.held from {any membership} b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )
"""


# Records whose steps may have another voice, or that can be seen since another day, when participants, offices, groups,
# bodies or sources change. Who took part before a change is in the history.
TOUCHED = """
    with recursive participant (id, process_id) as (
        select coalesce(a.on_behalf_of_id, a.actor_id), kept.process_of(coalesce(a.talk_id, a.process_id))
        from unnest(due) u (id)
        cross join lateral (
            select a.actor_id, a.on_behalf_of_id, a.talk_id, a.process_id from participation a where a.id = u.id
            union all
            select h.actor_id, h.on_behalf_of_id, h.talk_id, h.process_id from history.participation h where h.id = u.id
        ) a
        union
        select g.actor_id, kept.process_of(g.agreement_id)
        from unnest(due) u (id)
        cross join lateral (
            select g.actor_id, g.agreement_id from signature g where g.id = u.id
            union all select h.actor_id, h.agreement_id from history.signature h where h.id = u.id
        ) g
    ),
    speaker (id, process_id, distance) as (
        select p.id, p.process_id, 0 from participant p where p.process_id is not null
        union
        select a.id, null, 0 from unnest(due) u (id) join actor a on a.id = u.id
        union
        select n.id, s.process_id, s.distance + 1
        from speaker s
        cross join lateral (
            select a.id from actor a where a.parent_id = s.id
            union all select o.person_id from office o where o.actor_id = s.id
            union all select b.member_id from membership b where b.group_id = s.id
        ) n
        where s.distance < 5
    )
    select m.subject_id
    from speaker s join milestone m on m.actor_id = s.id
    where s.process_id is null or s.process_id = kept.process_of(m.subject_id)
    union select c.record_id from unnest(due) u (id) join citation c on c.source_id = u.id
    union select m.subject_id from unnest(due) u (id) join milestone m on m.id = u.id
"""


def first_day(step: str) -> str:
    """Write the day from which a step counts: that of its date of effect, else of its date, never before its date."""
    return f"""greatest(
        coalesce((coalesce({step}.effective, {step}.at)).earliest, '-infinity'),
        coalesce(({step}.at).earliest, '-infinity')
    )"""


def last_day(step: str) -> str:
    """Write the last day on which a step may have begun to count."""
    return f"greatest(coalesce((coalesce({step}.effective, {step}.at)).latest, 'infinity'), {first_day(step)})"


def voice(there: str) -> str:
    """Write whose voice step `m` is; `there` is the SQL of whether actor `r.id` takes part there.

    It is that of whom the actor acts for, if the step says so; else the actor's own where it takes part itself; else
    that of the one participant to whom its offices and groups lead; else its own.
    """
    return f"""coalesce(m.on_behalf_of_id, (
        {REACHED}
        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where {there}
    ), m.actor_id)"""


def takes_part_in(process: str, talk: str = "null") -> str:
    """Write whether actor `r.id` takes part in a talk, or in a process: in it, in its talks, or as a party."""
    return f"""(
        exists (
            select from {{any participation}} a left join {{any talk}} k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = {talk} or coalesce(a.process_id, k.process_id) = {process})
        )
        or exists (
            select from {{any signature}} g join {{any agreement}} e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = {process}
        )
    )"""


def steps_of(subject: str, voice: str = "m.actor_id") -> str:
    """Write the array of the steps of a record; `subject` is the SQL of its id, `voice` that of whose voice `m` is."""
    return f"""array(
        select row(
            m.id, m.kind::text,
            {first_day("m")}, {last_day("m")}, coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then {voice} end,
            exists (
                select from {{any citation}} c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from {{any milestone}} m
        where m.subject_id = {subject}
    )"""


def last_word(subject: str, *order: str) -> str:
    """Write the SELECT of the last word on a record: its highest step, in this order, that no other came after."""
    kinds = ", ".join(f"'{kind}'" for kind in order)
    of_word, of_newer = first_day("w"), first_day("n")
    return f"""
        select w.id, w.kind::text as kind, w.at
        from {{milestone}} w
        where w.subject_id = {subject} and w.kind::text in ({kinds}) and {of_word} <= {{today}}
            and {last_day("w")} >= (
                select max({of_newer}) from {{milestone}} n
                where n.subject_id = {subject} and n.kind::text in ({kinds}) and {of_newer} <= {{today}}
            )
        order by array_position(array[{kinds}], w.kind::text) desc, (w.at).latest desc, w.key
        limit 1
    """


def entered(row: str) -> str:
    """Write the day since which a record can be known apart from its own dates: by a source, or by its entry."""
    return f"""least(kept.entry_day({row}.created_at), (
        select min((s.published).earliest)
        from {{any citation}} c join {{any source}} s on s.id = c.source_id
        where c.record_id = {row}.id and c.stance = 'SUPPORTS'
    ))"""


def is_disputed(row: str, *fields: str) -> str:
    """Write whether a citation disputes one of these fields of a record as it was first given."""
    named = ", ".join(f"'{field}'" for field in fields)
    return f"""exists (
        select from {{any citation}} c
        where c.record_id = {row}.id and c.stance = 'DISPUTES' and c.field in ({named})
    )"""


def sql_beside(module: str) -> str:
    """Read the SQL functions that stand beside a module, in the file of the same name."""
    return Path(module).with_suffix(".sql").read_text(encoding="utf-8")
