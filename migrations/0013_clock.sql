-- How far our clock was ahead of each system's when it was last heard of, so that windows are widened by as much, and a
-- clock that jumps while nobody runs is seen.
alter table system_state
    add column clock_at       timestamptz,
    add column clock_ahead_ms bigint;
