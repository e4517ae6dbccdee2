-- Incremental sweeps. The table `sweep` was there and unused; a kind may leave more than one trail on a side (deletions
-- have their own), so a trail is part of its key. Builds before this one neither read nor write it.
-- `watermark` is in the source's own times where it tells them; `complete_to` and `window_from` are in ours, the others
-- are Postgres's.
alter table sweep
    add column trail        text not null default '',
    -- The highest id seen, for rows that are found by it.
    add column last_id      bigint,
    -- From when and up to when the last complete pass looked.
    add column window_from  timestamptz,
    add column complete_to  timestamptz,
    -- When the last complete pass began; `last_started` is that of the last one, complete or not.
    add column passed_at    timestamptz,
    -- Records that the last complete pass had looked at.
    add column found        bigint not null default 0,
    -- Why the last pass came to nothing.
    add column trouble      text,
    add column planted_at   timestamptz not null default now(),
    add column leased_by    text,
    add column leased_until timestamptz,
    add check ((leased_by is null) = (leased_until is null));
alter table sweep drop constraint sweep_pkey;
alter table sweep add primary key (kind, system, trail);
