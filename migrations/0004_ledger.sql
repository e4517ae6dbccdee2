-- The ledger of what may have been missed. Builds before this one neither read nor write the new columns.
alter table gap
    -- How many calls are known not to have come, by their numbers; null where nothing counts them.
    add column missed bigint,
    -- How many records the passes that closed it had looked at again.
    add column found  bigint;

-- When a role last said that it runs, in Postgres's clock: how long it was away is found out when it is back.
create table heartbeat (
    role    text primary key,
    beat_at timestamptz not null
);
