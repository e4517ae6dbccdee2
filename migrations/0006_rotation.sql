-- When a webhook got its secret in place of another, in Postgres's clock: what was signed with the one before is taken for
-- a while. Builds before this one neither read nor write it, and take the one before for ever.
alter table webhook add column rotated_at timestamptz;
