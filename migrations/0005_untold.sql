-- Absence: all pairs of a kind are asked after, and what a system does not tell any more is looked at.
-- One row a pair that a pass has still to be told of. What is told goes; what is left when the pass is over is absent, and
-- stays, so that it is told of once, until it is told again or its pair is over. Builds before this one know none of it.
create table untold (
    kind         text not null,
    system       text not null check (system in ('autotask', 'jim2')),
    trail        text not null,
    record_id    text not null,
    -- When it was published that it is to be looked at.
    published_at timestamptz,
    primary key (kind, system, trail, record_id)
);
alter table sweep
    -- Of a pass that is not over: when it began, in our clock, after how many pairs it asks, and the last one asked after.
    add column began_at   timestamptz,
    add column asked      bigint,
    add column place      text,
    -- Since when a person has to look, as too many records were absent at once.
    add column stopped_at timestamptz;
