-- What is known of Jim2's database beside its identity, and what was seen that does not go with it: then nothing is
-- written to it by any process until a person has looked. A build before this one neither reads nor writes it, so it
-- goes on writing: end it first.
alter table system_state
    -- The highest safe mark of its change table that was ever told; it falls only where a backup takes its place.
    add column mark        bigint,
    -- The highest job that was ever told and when it was made, for sites without a change table.
    add column job_no      bigint,
    add column job_in      timestamptz,
    -- Whether it is a training copy, as a person has said.
    add column is_training bool not null default false,
    -- When it was last seen to be the one we know, in Postgres's clock.
    add column agreed_at   timestamptz,
    -- What was seen that does not go with it: another database (`identity`) or an earlier state of it (`restored`).
    add column departed_code   text check (departed_code in ('identity', 'restored')),
    add column departed_reason text,
    add column departed_at     timestamptz;
update system_state s set mark = c.position, agreed_at = c.moved_at
from cursor c where s.system = 'jim2' and c.name = 'jim2.changes';
