-- Alerts and the digest. Builds before this one neither read nor write any of it.
-- The company that a held item's record belongs to, as far as its record tells it, and on which side: who is affected.
alter table held
    add column company_system text check (company_system in ('autotask', 'jim2')),
    add column company_id     text,
    add check ((company_system is null) = (company_id is null));

-- Released items are told of by the day.
create index journal_released on journal (at) where what = 'released';

-- What is alarming, or was: one row a cause, as it was last seen. `since` is when it was first seen of this time, and
-- `over_at` when it was first not seen any more. Times are those of whoever looked.
create table alert (
    cause   text primary key,
    body    jsonb not null,
    since   timestamptz not null,
    over_at timestamptz,
    -- How long it has to be over before it is: what comes back within that was never over.
    calm_seconds int not null default 0
);
create index alert_over on alert (over_at) where over_at is not null;

-- What was told of a cause by an outlet (`webhook`, `mail`), and by how much it was then. A message is claimed before it is
-- sent, in Postgres's clock, and told after it was.
create table alert_told (
    cause         text not null references alert on delete cascade,
    outlet        text not null,
    -- When it was last told that the cause is there; null while that was never sent.
    told_at       timestamptz,
    -- Whether whoever was told is still to be told that it is over.
    is_open       bool not null default false,
    items         bigint not null default 0,
    net           numeric(14, 2),
    -- Why the last attempt came to nothing.
    trouble       text,
    claimed_by    text,
    claimed_until timestamptz,
    primary key (cause, outlet),
    check ((claimed_by is null) = (claimed_until is null))
);

-- The digest of a day by an outlet.
create table digest (
    day           date not null,
    outlet        text not null,
    told_at       timestamptz,
    trouble       text,
    claimed_by    text,
    claimed_until timestamptz,
    primary key (day, outlet),
    check ((claimed_by is null) = (claimed_until is null))
);

-- One looks at a time, so that nobody writes down an older view over a newer one. `at` is when somebody last did.
create table alert_look (
    one           bool primary key default true check (one),
    at            timestamptz,
    claimed_by    text,
    claimed_until timestamptz
);
insert into alert_look default values;
