-- The budget by lanes. Calls that were granted, by lane and sixtieth of the window: what each lane had of it, and how much
-- of what Autotask counts is ours. Builds before this one do not write it: their calls are taken for somebody else's, so
-- that the newer one goes slower beside them, not faster.
create table lane_use (
    lane  text not null,
    at    timestamptz not null,
    calls int not null check (calls >= 0),
    primary key (lane, at)
);
alter table system_state
    -- Calls in the window of the last measure that were not ours.
    add column others int;
alter table slot
    -- Until when the endpoint has its first place only: Autotask refused a call there for too many at once.
    add column crowded_until timestamptz;
