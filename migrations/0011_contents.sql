-- Full sweeps compare what pairs hold with what both sides last agreed on. Builds before this one know none of it.
-- One row a pass, complete or not: what it cost.
create table full_sweep (
    kind     text not null,
    system   text not null check (system in ('autotask', 'jim2')),
    -- In our clock, as in `sweep`.
    began_at timestamptz not null,
    ended_at timestamptz,
    -- Pairs that were compared, and calls to Autotask that it took.
    compared bigint not null default 0,
    calls    bigint not null default 0,
    primary key (kind, system, began_at)
);
-- What it found, by cause: how many pairs, and one of them.
create table drift (
    kind     text not null,
    system   text not null,
    began_at timestamptz not null,
    cause    text not null check (cause in ('missed', 'outage', 'mapping', 'unexplained')),
    pairs    bigint not null,
    example  text not null,
    primary key (kind, system, began_at, cause),
    foreign key (kind, system, began_at) references full_sweep on delete cascade
);
