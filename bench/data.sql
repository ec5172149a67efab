-- Made-up diplomacy, the same for the same number of talks and the same day: 8 participations, 20 statements, 2
-- agreements and 3 deadlines a talk, with their milestones and citations. `bench/data.py` runs it.
--
-- Each row is a function of its number. What is rare is so by a remainder: one talk in 250 is cancelled, one in 500
-- postponed, one process in 40 stalls. Some rows are retracted and some lie in the future, which lists leave out.

create temporary view given as
    select current_setting('bench.talks')::integer as talks,
        current_setting('bench.today')::date as today,
        greatest(current_setting('bench.talks')::integer / 10, 5) as processes,
        greatest(current_setting('bench.talks')::integer / 5, 40) as actors,
        greatest(current_setting('bench.talks')::integer / 10, 10) as sources;

-- Laid out like a UUID of version 7, and ascending with the number, as those of a database that grew are.
create function pg_temp.id(type text, number bigint) returns uuid language sql immutable as $$
    select (
        lpad(to_hex(array_position(array['process', 'actor', 'office', 'source', 'talk', 'participation', 'statement',
            'agreement', 'deadline', 'milestone', 'citation'], type)), 8, '0')
        || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0')
    )::uuid
$$;

create function pg_temp.days(first date, last date) returns fuzzy_date language sql immutable as $$
    select row(
        case when first = last then first::text else first || '/' || last end, first, last,
        case when first = last then 'DAY' else 'INTERVAL' end::date_precision, null, null
    )::fuzzy_date
$$;

create function pg_temp.day(day date) returns fuzzy_date language sql immutable as $$ select pg_temp.days(day, day) $$;

-- Spread evenly over the last six years and the next sixty days. Every process has talks in all of that time, but
-- one that stalls has had none for half a year.
create temporary table plan as
select n, p.process, p.is_stalled, p.is_concluded, d.day,
    d.day + case when n % 5 = 0 then 5 else 0 end as last_day,
    n % 250 = 17 as is_cancelled, n % 500 = 33 as is_postponed, n % 100 = 41 as is_collapsed,
    n % 10 = 8 as is_brought_to_end, n % 10 = 5 as is_unreported
from given g, generate_series(1, g.talks) n
cross join lateral (select (n - 1) % g.processes + 1 as process) q
cross join lateral (select q.process, q.process % 40 = 7 as is_stalled, q.process % 10 = 3 as is_concluded) p
cross join lateral (
    select g.today - 2190 + (n * 2250.0 / g.talks)::integer - case when p.is_stalled then 240 else 0 end as day
) d;
analyze plan;

insert into process (id, key, version, created_at, updated_at, name, summary, track, opened)
select pg_temp.id('process', n), 'process-' || n, 1, g.today - 2200, g.today - 2200,
    'Process ' || n || ' on the status of region ' || n % 97, 'Negotiations on borders, security and return.',
    (array['ONE', 'ONE', 'ONE_AND_A_HALF', 'TWO'])[n % 4 + 1]::process_track, pg_temp.day(g.today - 2200)
from given g, generate_series(1, g.processes) n;

-- One in four is a state or a body, the others are persons.
insert into actor (id, key, version, created_at, updated_at, name, aliases, kind, country, parent_id)
select pg_temp.id('actor', n), 'actor-' || n, 1, g.today - 2200, g.today - 2200,
    case when n % 4 = 0 then 'State of Region ' || n else 'Envoy Number ' || n end,
    case when n % 3 = 0 then array['Also known as ' || n] else '{}' end,
    case when n % 4 = 0 then 'STATE' else 'PERSON' end::actor_kind,
    case when n % 4 = 0 then chr(65 + n % 26) || chr(65 + n / 26 % 26) end,
    case when n % 4 > 0 and n > 4 then pg_temp.id('actor', n / 4 * 4) end
from given g, generate_series(1, g.actors) n;

-- Each person had one office for three years and has another since.
insert into office (id, key, version, created_at, updated_at, person_id, actor_id, title, rank, held)
select pg_temp.id('office', n * 2 + o), 'office-' || n || '-' || o, 1, g.today - 2200, g.today - 2200,
    pg_temp.id('actor', n), pg_temp.id('actor', n / 4 * 4 + 4 * (n < 4)::integer),
    (array['Foreign minister', 'Special envoy', 'Spokesperson'])[(n + o) % 3 + 1],
    (array['FOREIGN_MINISTER', 'SPECIAL_ENVOY', 'SPOKESPERSON'])[(n + o) % 3 + 1]::office_rank,
    case when o = 0 then pg_temp.days(g.today - 2300, g.today - 1200 + n % 100)
        else row((g.today - 1200 + n % 100 + 1) || '/..', g.today - 1200 + n % 100 + 1, null, 'INTERVAL', null, null)::fuzzy_date
    end
from given g, generate_series(1, g.actors) n, generate_series(0, 1) o
where n % 4 > 0;

insert into source (id, key, version, created_at, updated_at, title, publisher, url, language)
select pg_temp.id('source', n), 'source-' || n, 1, g.today - 2200, g.today - 2200,
    'Report ' || n || ' on the negotiations', 'Agency ' || n % 12, 'https://agency.example/' || n, 'en'
from given g, generate_series(1, g.sources) n;

insert into talk (id, key, version, created_at, updated_at, retracted_at, title, process_id, follows_id, format, level,
    city, country, starts, ends, summary)
select pg_temp.id('talk', n), 'talk-' || n, 1, least(day, g.today) - 20, least(day, g.today) - 20,
    case when n % 211 = 0 then g.today - 10 end,
    'Round ' || n || ' of the talks of process ' || process, pg_temp.id('process', process),
    case when n > g.processes then pg_temp.id('talk', n - g.processes) end,
    (array['IN_PERSON', 'PHONE', 'VIDEO', 'SHUTTLE'])[n % 4 + 1]::talk_format,
    (array['LEADERS', 'MINISTERS', 'ENVOYS', 'OFFICIALS', 'TECHNICAL'])[n % 5 + 1]::talk_level,
    (array['Geneva', 'Doha', 'Oslo', 'Vienna', 'Nairobi'])[n % 5 + 1],
    (array['CH', 'QA', 'NO', 'AT', 'KE'])[n % 5 + 1],
    -- Of those to come, some are still vague.
    case when day > g.today and n % 4 = 1 then pg_temp.days(day, day + 6) else pg_temp.day(day) end,
    case when last_day > day then pg_temp.day(last_day) end,
    'The parties discuss the exchange of prisoners, the line of contact and who may return.'
from plan, given g;

insert into participation (id, key, version, created_at, updated_at, retracted_at, talk_id, actor_id, role,
    head_of_delegation, attendance)
select pg_temp.id('participation', p.n * 8 + k), 'talk-' || p.n || '.actor-' || k, 1, g.today - 20, g.today - 20,
    case when (p.n * 8 + k) % 199 = 0 then g.today - 10 end,
    pg_temp.id('talk', p.n), pg_temp.id('actor', (p.n * 13 + k * 5) % g.actors + 1),
    (array['PARTY', 'PARTY', 'PARTY', 'PARTY', 'MEDIATOR', 'HOST', 'OBSERVER', 'WITNESS'])[k + 1]::participation_role,
    k < 2,
    case when p.day > g.today or p.is_unreported or p.is_cancelled or p.is_postponed then (array['EXPECTED', 'CONFIRMED'])[k % 2 + 1]
        else (array['REPORTED', 'REPORTED', 'CONFIRMED', 'ABSENT'])[k % 4 + 1] end::attendance
from plan p, given g, generate_series(0, 7) k;

-- Who speaks is a person; some of it is dated after today, and does not count yet.
insert into statement (id, key, version, created_at, updated_at, retracted_at, speaker_id, speaker_ids, talk_id,
    process_id, said, channel, attribution, quote, language, summary, stance)
select pg_temp.id('statement', p.n * 20 + k), 'statement-' || p.n * 20 + k, 1, g.today - 20, g.today - 20,
    case when (p.n * 20 + k) % 197 = 0 then g.today - 10 end,
    pg_temp.id('actor', (p.n * 13 + k * 5) % (g.actors / 4) * 4 + 1 + k % 3),
    array[pg_temp.id('actor', (p.n * 13 + k * 5) % (g.actors / 4) * 4 + 1 + k % 3)],
    pg_temp.id('talk', p.n), pg_temp.id('process', p.process),
    pg_temp.day(least(p.day - 3 + k % 6, g.today + k % 2)), 'press conference', 'DIRECT_QUOTE',
    'We are ready to speak about every point of the proposal, number ' || k || ' among them, if the other side is.',
    'en', 'Says that the delegation is ready to discuss point ' || k || ' of proposal ' || p.n || '.',
    (array['OFFER', 'DEMAND', 'PROMISE', 'REJECTION', 'REPORT'])[k % 5 + 1]::statement_stance
from plan p, given g, generate_series(0, 19) k;

insert into agreement (id, key, version, created_at, updated_at, retracted_at, title, process_id, kind, summary)
select pg_temp.id('agreement', p.n * 2 + k), 'agreement-' || p.n * 2 + k, 1, g.today - 20, g.today - 20,
    case when (p.n * 2 + k) % 193 = 0 then g.today - 10 end,
    'Agreement ' || k || ' of round ' || p.n, pg_temp.id('process', p.process),
    (array['CEASEFIRE', 'FRAMEWORK', 'HUMANITARIAN', 'PARTIAL'])[(p.n + k) % 4 + 1]::agreement_kind, 'What it would do.'
from plan p, given g, generate_series(0, 1) k;

-- Two deadlines of each talk and one of its process. Most were met. The last of each process is open, unless it stalls.
create temporary table due as
select p.n * 3 + k as n, k, p.n as talk, p.process, d.day,
    (p.n * 3 + k) % 10 < 8 and d.day < g.today as is_resolved, (p.n * 3 + k) % 12 = 5 as is_extended
from plan p, given g, generate_series(0, 2) k
cross join lateral (
    select case
        when k = 2 and p.n > g.talks - g.processes and not p.is_stalled then g.today + 30 + p.n % 60
        else p.day + 30 + k
    end as day
) d;

insert into deadline (
    id, key, version, created_at, updated_at, retracted_at, title, subject_id, subject_type, set_by_id, due, hardness
)
select pg_temp.id('deadline', n), 'deadline-' || n, 1, g.today - 20, g.today - 20,
    case when n % 191 = 0 then g.today - 10 end,
    'Answer ' || k || ' to the proposal of round ' || talk,
    case when k < 2 then pg_temp.id('talk', talk) else pg_temp.id('process', process) end,
    case when k < 2 then 'TALK' else 'PROCESS' end,
    pg_temp.id('actor', n % g.actors + 1), pg_temp.days(day, day + n % 3 * 4), 'VAGUE'
from due, given g;

insert into milestone (id, key, version, created_at, updated_at, retracted_at, subject_id, subject_type, kind, at, due)
select pg_temp.id('milestone', row_number() over (order by s.type, s.subject, s.step)),
    s.type || '-' || s.subject || '.' || lower(s.kind), 1, g.today - 20, g.today - 20,
    case when s.subject % 187 = 0 and s.kind = 'SCHEDULED' then g.today - 10 end,
    pg_temp.id(s.type, s.subject), upper(s.type), s.kind::milestone_kind, pg_temp.day(s.at), s.due
from given g, (
    select 'talk' as type, p.n as subject, m.step, m.kind, m.at, null::fuzzy_date as due
    from plan p, given g, lateral (values
        (1, 'ANNOUNCED', least(p.day, g.today) - 20, true),
        (2, 'SCHEDULED', least(p.day, g.today) - 15, true),
        (3, 'CANCELLED', least(p.day, g.today) - 2, p.is_cancelled),
        (4, 'POSTPONED', least(p.day, g.today) - 2, p.is_postponed),
        (5, 'OPENED', p.day, p.day <= g.today and not (p.is_unreported or p.is_cancelled or p.is_postponed)),
        (6, 'COLLAPSED', p.last_day, p.last_day < g.today and p.is_collapsed),
        (7, 'CONCLUDED', p.last_day, p.last_day < g.today and p.is_brought_to_end)
    ) m (step, kind, at, happened)
    where m.happened
    union all
    select 'agreement', p.n * 2 + k, m.step, m.kind, p.day + m.after, null
    from plan p, given g, generate_series(0, 1) k, lateral (values
        (1, 'PROPOSED', 0, true), (2, 'NEGOTIATED', 10, p.n % 3 > 0), (3, 'SIGNED', 20, p.n % 3 = 1)
    ) m (step, kind, after, happened)
    where m.happened and p.day + m.after < g.today
    union all
    select 'deadline', d.n, m.step, m.kind, m.at, m.due
    from due d, given g, lateral (values
        (1, 'SET', least(d.day, g.today) - 10, true, null::fuzzy_date),
        (2, 'EXTENDED', d.day - 5, d.is_extended and d.day < g.today, pg_temp.day(d.day + 7)),
        (3, 'MET', d.day, d.is_resolved, null)
    ) m (step, kind, at, happened, due)
    where m.happened
    union all
    select 'process', n, 1, 'CONCLUDED', g.today - 40, null from given g, generate_series(1, g.processes) n where n % 10 = 3
) s;

insert into citation (id, key, version, created_at, updated_at, retracted_at, record_id, source_id, quote, locator, number)
select pg_temp.id('citation', row_number() over (order by c.type, c.n, c.number)),
    c.type || '-' || c.n || '.source-' || c.number, 1, g.today - 20, g.today - 20,
    case when c.n % 181 = 0 and c.number = 2 then g.today - 10 end,
    pg_temp.id(c.type, c.n), pg_temp.id('source', (c.n * 3 + c.number) % g.sources + 1),
    'as was said on the day', 'p. ' || c.n % 40, c.number
from given g, (
    select 'talk' as type, n, k as number from plan, generate_series(1, 2) k
    union all select 'statement', p.n * 20 + k, 1 from plan p, generate_series(0, 19) k
    union all select 'agreement', p.n * 2 + k, 1 from plan p, generate_series(0, 1) k
    union all select 'deadline', n, 1 from due
) c;
