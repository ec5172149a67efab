-- Search: for each record that stands, the words of its texts, folded and indexed.
--
-- No extension is needed. How a text is folded does not depend on the locale of the server, which differs from one to
-- the next (`C` leaves letters beyond ASCII as they are, Turkish makes a dotless ı of I): what is a letter, what parts
-- words and what is lower case is written here. So whatever server keeps the words, the same question finds them.
--
-- Of one field 20,000 characters are searched. With them the words of a record stay below the 1 MB of a tsvector, and a
-- text of any length can be written.

-- --- folding -------------------------------------------------------------------------------------

-- A text as the words that are compared: small letters without accents, spaces between them. U.S. is us.
-- Each step is taken only where a text needs it: most are ASCII but for their quotation marks and dashes.
create function search_fold(value text) returns text language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, public, pg_temp as $$
begin
    value := value collate "C";
    if octet_length(value) <> length(value) then
        value := translate(value, '’‘“”–—', '      ');
    end if;
    if octet_length(value) <> length(value) then
        -- Accents once they stand alone, points of Hebrew and Arabic, and what is not seen: soft hyphens, joiners,
        -- apostrophes that are letters.
        value := regexp_replace("normalize"(value, 'NFKD'), '[\u00AD\u02B0-\u02FF\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u200C\u200D\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g');
    end if;
    value := lower(value collate "C");
    if octet_length(value) <> length(value) then
        -- Letters that no normalisation takes apart, and capitals whose small form `lower` does not know in every
        -- locale: Latin, Greek, Cyrillic, Armenian.
        value := translate(value, 'ŁłØøĐđÐðĦħıŊŋŦŧƏəƁɓƊɗƘƙƳƴÆŒÞẞ', 'llooddddhhinnttaabbddkkyyæœþß');
        value := replace(replace(replace(replace(value, 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ß', 'ss');
        if value ~ '[\u0391-\u03C2]' then
            value := translate(value, 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς', 'αβγδεζηθικλμνξοπρστυφχψωσ');
        end if;
        if value ~ '[\u0400-\u04FF]' then
            value := translate(value, 'ЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐҒҖҚҢҮҰҲҶҺӘӨ', 'ђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґғҗқңүұҳҷһәө');
        end if;
        if value ~ '[\u0531-\u0556]' then
            value := translate(value, 'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ', 'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ');
        end if;
    end if;
    if strpos(value, '.') > 0 then
        value := regexp_replace(value collate "C", '\m([a-z])\.(?=[a-z]\M)', '\1', 'g');
    end if;
    -- Everything between words: signs, spaces, punctuation of all scripts that are much used, pictures. The same signs
    -- stand twice in search_highlight.
    return regexp_replace(value collate "C", '[\u0001-\u001F!-/:-@\[-`{-\u00AC\u00AE-\u00BF\u00D7\u00F7\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u060C\u061B\u061F\u066A-\u066D\u06D4\u0964\u0965\u2000-\u200B\u200E-\u206F\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u303F\uFEFF\U0001F000-\U0001FAFF]+', ' ', 'g');
end
$$;

-- English endings taken off every word, none left out as too common: names and other languages hold such words too.
create text search dictionary search_stem (template = snowball, language = english);
create text search configuration search_stem (copy = simple);
alter text search configuration search_stem
    alter mapping for asciiword, word, numword with search_stem;

-- A folded word without its ending.
create function search_stem_of(word text) returns text language sql immutable strict parallel safe
return coalesce((pg_catalog.ts_lexize('public.search_stem', word))[1], word);


-- --- queries -------------------------------------------------------------------------------------

-- The text that somebody types as a tsquery: null where that is nothing. No text is an error.
--     ceasefire talks     both words, with any English ending
--     "ceasefire talks"   exactly these words, side by side
--     -london             not this word; or -"city of london"
--     paris or minsk      one of the two sides
--     zelen*              at the very end: words that begin so
create function search_query(sought text) returns tsquery language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, public, pg_temp as $$
declare
    is_open boolean := sought ~ '[*]\s*$';
    term record;
    words text[];
    clause text;
    clauses text[] := '{}';
    sides text[] := '{}';
    is_sought boolean := false;
begin
    for term in
        select m[1] = '-' as is_negated, m[3] is null as is_quoted, coalesce(m[2], m[3]) as body,
            row_number() over () = count(*) over () as is_last
        from regexp_matches(translate(sought, '“”„«»', '"""""'), '(-?)(?:"([^"]*)"?|([^\s"]+))', 'g') m
    loop
        if not term.is_quoted and lower(term.body) = 'or' then
            if is_sought then
                sides := sides || array_to_string(clauses, ' & ');
            end if;
            clauses := '{}';
            is_sought := false;
            continue;
        end if;
        words := array(
            select left(w.word, 500) from string_to_table(search_fold(term.body), ' ') w (word) where w.word <> ''
        );
        if words <> '{}' then
            -- Folded words hold no quotation mark and no backslash.
            select string_agg(
                case
                    when term.is_quoted then quote_literal(w.word)
                    when term.is_last and is_open and w.place = cardinality(words) and length(w.word) > 1
                        then quote_literal(w.word) || ':*'
                    else quote_literal(search_stem_of(w.word))
                end, ' <-> ' order by w.place
            ) into clause
            from unnest(words) with ordinality w (word, place);
            clauses := clauses || case when term.is_negated then '!(' || clause || ')' else clause end;
            is_sought := is_sought or not term.is_negated;
        end if;
    end loop;
    if is_sought then
        sides := sides || array_to_string(clauses, ' & ');
    end if;
    return nullif(array_to_string(array(select '(' || s.side || ')' from unnest(sides) s (side)), ' | '), '')::tsquery;
end
$$;

-- The words of a query that are to be marked where they stand. A beginning ends in a star.
create function search_marks(query tsquery) returns text[] language sql immutable strict parallel safe
return array(
    select m[1] || case when m[2] is null then '' else '*' end
    from regexp_matches(querytree(query), '''([^'']+)''(:[*])?', 'g') m
);


-- --- highlights ----------------------------------------------------------------------------------

-- The part of a text in which most of the words stand, each between ⟦ and ⟧; null where none does. Plain text.
create function search_highlight(value text, marks text[]) returns text
language sql immutable strict parallel safe
return (
    with token as materialized (
        select t.place, t.word, t.gap, t.word is not null and (
            f.folded = any(marks) or search_stem_of(f.folded) = any(marks)
            or starts_with(f.folded, (select left(m.mark, -1) from unnest(marks) m (mark) where m.mark like '%*'))
        ) as is_found
        from (
            select m.place, m.parts[1] as word, m.parts[2] as gap
            from regexp_matches(
                translate(left(value, 20000), '⟦⟧', '[]') collate "C",
                '([A-Za-z](?:[.][A-Za-z](?![A-Za-z]))+|[^ \u0001-\u001F!-/:-@\[-`{-\u00AC\u00AE-\u00BF\u00D7\u00F7\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u060C\u061B\u061F\u066A-\u066D\u06D4\u0964\u0965\u2000-\u200B\u200E-\u206F\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u303F\uFEFF\U0001F000-\U0001FAFF]+)|([ \u0001-\u001F!-/:-@\[-`{-\u00AC\u00AE-\u00BF\u00D7\u00F7\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u060C\u061B\u061F\u066A-\u066D\u06D4\u0964\u0965\u2000-\u200B\u200E-\u206F\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u303F\uFEFF\U0001F000-\U0001FAFF]+)', 'g'
            ) with ordinality as m (parts, place)
        ) t
        cross join lateral (select case when octet_length(t.word) = length(t.word)
            then lower(replace(t.word, '.', '') collate "C") else search_fold(t.word) end as folded offset 0) f
    ),
    opening as (
        select w.place, greatest(w.place - 6, 1) as first, w.place + 44 as last
        from (
            select place, is_found,
                count(*) filter (where is_found) over (order by place rows between current row and 38 following) as found
            from token
        ) w
        where w.is_found
        order by w.found desc, w.place
        limit 1
    )
    select case when o.first > 1 then '… ' else '' end
        || btrim(string_agg(case when t.is_found then '⟦' || t.word || '⟧' else coalesce(t.word, t.gap) end, ''
            order by t.place))
        || case when o.last < (select max(place) from token) then ' …' else '' end
    from opening o join token t on t.place between o.first and o.last
    group by o.first, o.last
);


-- --- entries -------------------------------------------------------------------------------------

create table search_entry (
    record_id uuid primary key,
    type text not null,
    names tsvector not null,
    words tsvector not null,
    foreign key (record_id, type) references record (id, type)
);
comment on table search_entry is 'What each record that stands is found by: its folded words. Kept by triggers.';
comment on column search_entry.names is 'Only the words of weight A: names and titles.';
comment on column search_entry.words is
    'Every word twice: as it is, and without its English ending after all of those, so that phrases hold in both.';
-- The records that hold the words of a query, and those that are named by them.
create index search_entry_words on search_entry using gin (words);
create index search_entry_names on search_entry using gin (names) where names <> '';

-- The words of a row. A field is `name:weight`, and may be a list of texts.
create function search_words(given jsonb, fields text[]) returns tsvector language plpgsql immutable parallel safe
    set search_path = pg_catalog, public, pg_temp as $$
declare
    field text;
    value jsonb;
    folded text;
    words tsvector := '';
begin
    foreach field in array fields loop
        value := given -> split_part(field, ':', 1);
        folded := left(search_fold(left(
            case jsonb_typeof(value)
                when 'array' then (select string_agg(e.text, ' ') from jsonb_array_elements_text(value) e (text))
                else value #>> '{}'
            end, 20000)), 20000);
        if folded <> '' then
            words := words || setweight(
                to_tsvector('simple', folded) || to_tsvector('public.search_stem', folded),
                split_part(field, ':', 2)::"char"
            );
        end if;
    end loop;
    return words;
end
$$;

-- Writes the entry of a row that was written. Arguments: the fields that `search_words` takes.
create function keep_search() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    now_given jsonb := to_jsonb(new);
    before jsonb;
    found tsvector;
begin
    if new.retracted_at is not null or new.merged_into_id is not null then
        delete from search_entry where record_id = new.id;
        return null;
    end if;
    if tg_op = 'UPDATE' and old.retracted_at is null and old.merged_into_id is null then
        before := to_jsonb(old);
        if not exists (
            select from unnest(tg_argv) f (field)
            where before -> split_part(f.field, ':', 1) is distinct from now_given -> split_part(f.field, ':', 1)
        ) then
            return null;
        end if;
    end if;
    found := search_words(now_given, tg_argv);
    insert into search_entry (record_id, type, names, words)
    values (new.id, upper(tg_table_name), ts_filter(found, '{a}'), found)
    on conflict (record_id) do update set names = excluded.names, words = excluded.words;
    return null;
end
$$;

create trigger only_by_triggers before insert or update or delete on search_entry
    for each statement when (pg_trigger_depth() = 0) execute function refuse_change('only a change of a record writes here');
create trigger never_empty before truncate on search_entry
    for each statement execute function refuse_change('only a change of a record writes here');

-- Called by migrations: once for a table, and again when other fields of it are to be searched.
create function make_searched(searched text, variadic fields text[]) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format('drop trigger if exists search on %I', searched);
    execute format(
        'create trigger search after insert or update on %I for each row execute function keep_search(%s)',
        searched, (select string_agg(quote_literal(f.field), ', ') from unnest(fields) f (field)));
    alter table search_entry disable trigger only_by_triggers;
    execute format(
        'insert into search_entry (record_id, type, names, words)
        select t.id, %L, ts_filter(w.words, ''{a}''), w.words
        from %I t cross join lateral (select search_words(to_jsonb(t), $1) as words offset 0) w
        where t.retracted_at is null and t.merged_into_id is null
        on conflict (record_id) do update set names = excluded.names, words = excluded.words',
        upper(searched), searched) using fields;
    alter table search_entry enable trigger only_by_triggers;
end
$$;


-- --- what is searched ----------------------------------------------------------------------------

-- The same columns and weights as in the declarations (`searched=…`); the check at start-up compares them.
select make_searched('conflict', 'name:A', 'key:D');
select make_searched('process', 'name:A', 'summary:B', 'key:D');
select make_searched('actor', 'name:A', 'aliases:A', 'key:D');
select make_searched('office', 'title:A');
select make_searched('issue', 'name:A', 'key:D');
select make_searched('talk', 'title:A', 'venue:C', 'city:C', 'summary:B', 'outcome:B', 'key:D');
select make_searched('statement', 'quote:B', 'summary:B', 'key:D');
select make_searched('condition', 'condition:B', 'consequence:C');
select make_searched('position', 'text:B');
select make_searched('agreement', 'title:A', 'summary:B', 'key:D');
select make_searched('provision', 'article:C', 'text:B', 'key:D');
select make_searched('milestone', 'note:C');
select make_searched('deadline', 'title:A', 'consequence:C', 'key:D');
select make_searched('commentary', 'headline:A', 'text:C', 'points:B', 'key:D');
select make_searched('source', 'title:A', 'publisher:C', 'key:D');
select make_searched('citation', 'quote:C', 'asserted_value:C');
