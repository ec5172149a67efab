-- Gives the day on which a record was entered. Tests, which fix the clock and say so in `parley.today`, live before any
-- entry: there a record without any day of its own has always been there.
create or replace function kept.entry_day(created_at timestamptz) returns date
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when nullif(current_setting('parley.today', true), '') is null then (created_at at time zone 'UTC')::date end
$$;

-- Computes what a set of dates spans: the same date, or an interval from the first to the last possible day.
create or replace function kept.hull(dates public.fuzzy_date[]) returns public.fuzzy_date
    language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
    first date;
    last date;
begin
    if (select count(distinct d.edtf) from unnest(dates) d) = 1 then
        return dates[1];
    end if;
    select case when bool_or(d.earliest is null) then null else min(d.earliest) end,
        case when bool_or(d.latest is null) then null else max(d.latest) end
    into first, last
    from unnest(dates) d;
    return row(
        concat_ws('/', coalesce(first::text, '..'), coalesce(last::text, '..')), first, last, 'INTERVAL', null, null
    )::public.fuzzy_date;
end
$$;

-- Finds the process that a record belongs to, by itself or by what it is a part of.
create or replace function kept.process_of(part uuid) returns uuid
    language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select r.id from process r where r.id = part
    union all select k.process_id from talk k where k.id = part
    union all select a.process_id from agreement a where a.id = part
    union all select a.process_id from provision p join agreement a on a.id = p.agreement_id where p.id = part
    union all select s.process_id from statement s where s.id = part
    union all select s.process_id from condition c join statement s on s.id = c.statement_id where c.id = part
    union all select kept.process_of(d.subject_id) from deadline d where d.id = part
    limit 1
$$;
