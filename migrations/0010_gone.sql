-- A value that its system does not tell any more, and that a mapping speaks of, is kept and marked: the mapping stays, and
-- nothing is written to a value that is not there.
alter table lookup add column gone_at timestamptz;

-- Whoever plans has to know of it, and what is held for it goes on when it is back. The text of problems follows a label.
create trigger lookup_changes after update on lookup
    for each row when (old.gone_at is distinct from new.gone_at or old.label is distinct from new.label)
    execute function bump_mapping_version();
