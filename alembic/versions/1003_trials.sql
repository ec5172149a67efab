-- What is only tried takes no writers' lock: its transaction says so in `parley.trial`, and undoes all that it wrote.
create or replace function begin_change() returns timestamptz language plpgsql as $$
declare
    mine text := pg_current_xact_id() || ' ';
    moment timestamptz;
    latest timestamptz;
begin
    if current_setting('parley.trial', true) is distinct from 'on' then
        perform pg_advisory_xact_lock(7291001);
    end if;
    latest := (select r.at from public.revision r order by r.seq desc limit 1);
    if starts_with(current_setting('parley.moment', true), mine) then
        moment := substr(current_setting('parley.moment'), length(mine) + 1);
    end if;
    if moment >= greatest(now(), latest) and moment <= greatest(clock_timestamp(), latest + interval '1 microsecond') then
        return moment;
    end if;
    moment := greatest(clock_timestamp(), latest + interval '1 microsecond');
    -- In UTC and ISO, which are read alike whatever DateStyle and time zone the session has.
    perform set_config(
        'parley.moment', mine || to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"Z"'), true
    );
    return moment;
end
$$;

-- Nobody reads the statuses of what is only tried, and whoever writes meanwhile would wait for their rows.
create or replace function keep_statuses() returns trigger language plpgsql as $$
begin
    if current_setting('parley.trial', true) is distinct from 'on'
        and exists (select from kept.due d where d.record_id = new.record_id)
    then
        perform public.refresh_statuses();
    end if;
    return null;
end
$$;
