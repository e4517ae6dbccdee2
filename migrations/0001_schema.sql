-- Crossbill's first schema: what is paired with what, what is owed, what is held, and how each site maps its lists.
-- Ids of the two systems are text, because a contact's is `cardno-contno` and a restore may bring other forms.
-- Forward only: never edit this file once it has run anywhere. Expand in one release, contract in the next.

-- ---------------------------------------------------------------------------------------------- pairs

-- One row a pair, made as soon as one half is known, because the row is also the claim on the record.
create table pair (
    id              uuid primary key,
    kind            text not null,
    autotask_id     text,
    jim2_id         text,
    parent          uuid references pair on delete cascade,
    generation      int not null default 1,
    state           text not null default 'new'
                    check (state in ('new', 'paired', 'earlier', 'gone', 'ignored')),
    label           text not null default '',
    shadow          jsonb,
    mapping_version bigint not null default 0,
    epoch           bigint not null default 0,
    claimed_by      text,
    claimed_until   timestamptz,
    -- Events that met the claim: an array, at most one a system, because floors are in the source's own clock.
    dirty           jsonb,
    written_at      timestamptz,
    created_at      timestamptz not null default now(),
    changed_at      timestamptz not null default now(),
    check (autotask_id is not null or jim2_id is not null),
    check (state not in ('paired', 'earlier') or (autotask_id is not null and jim2_id is not null)),
    check ((claimed_by is null) = (claimed_until is null))
);
-- A ticket has one job at a time; its earlier jobs keep the ticket's id.
create unique index pair_autotask on pair (kind, autotask_id) where state <> 'earlier';
create unique index pair_jim2 on pair (kind, jim2_id);
create index pair_autotask_earlier on pair (kind, autotask_id) where state = 'earlier';
create index pair_parent on pair (parent) where parent is not null;
create index pair_state on pair (kind, state);
-- A label begins with the name that references carry, such as a ticket's number.
create index pair_name on pair (kind, split_part(label, ' ', 1));
create index pair_claimed on pair (claimed_until) where claimed_by is not null;

-- What is about to be written, stored before the first remote write and deleted when all is remembered.
create table intent (
    pair_id   uuid primary key references pair on delete cascade,
    epoch     bigint not null,
    v         int not null,
    body      jsonb not null,
    done      int not null default 0,
    opened_at timestamptz not null default now(),
    sent_at   timestamptz
);

-- What happened, append-only. It outlives the pair, so it refers to it without a constraint.
create table journal (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    pair_id uuid,
    kind    text not null,
    what    text not null check (what in (
        'created', 'updated', 'linked', 'conflict', 'possibly-overwritten', 'held', 'released',
        'ignored', 'gone', 'drift', 'unlinked', 'dropped')),
    system  text check (system in ('autotask', 'jim2')),
    cause   text not null,
    body    jsonb not null,
    calls   int not null default 0
);
create index journal_pair on journal (pair_id, id);
create index journal_at on journal (at);

-- ---------------------------------------------------------------------------------------------- held items

-- A missing or wrong fact. Many held items share one.
create table problem (
    identity     text primary key,
    code         text not null,
    subject      jsonb not null,
    subject_text text not null,
    says         text not null,
    who          text not null check (who in ('desk', 'finance', 'integrator')),
    step         text not null,
    continues    bool not null,
    opened_at    timestamptz not null default now(),
    solved_at    timestamptz
);

-- What waits for a problem to be solved: one row a pair. A dead letter that names no record has no pair, but a body.
create table held (
    id          uuid primary key,
    pair_id     uuid unique references pair on delete cascade,
    kind        text,
    system      text check (system in ('autotask', 'jim2')),
    record_id   text,
    label       text not null default '',
    event       jsonb,
    body        bytea,
    queue       text,
    reason      text not null,
    since       timestamptz not null default now(),
    last_at     timestamptz not null default now(),
    replayed_at timestamptz,
    attempts    int not null default 1,
    archived_at timestamptz,
    check ((pair_id is null) = (body is not null)),
    check (pair_id is null or event is not null)
);
-- A body taken from the dead queue twice is one held item.
create unique index held_body on held (queue, md5(body)) where pair_id is null;
create index held_since on held (since) where archived_at is null;

create table held_problem (
    held_id         uuid not null references held on delete cascade,
    identity        text not null references problem,
    -- '' where the problem holds back the whole record.
    field           text not null default '',
    says            text not null,
    -- The mapping that judged it: a newer one may have solved it.
    mapping_version bigint not null default 0,
    primary key (held_id, identity, field)
);
create index held_problem_identity on held_problem (identity);

-- ---------------------------------------------------------------------------------------------- mapping

-- The lists of the two systems as last read.
create table lookup (
    list       text not null,
    system     text not null check (system in ('autotask', 'jim2')),
    value      text not null,
    label      text not null,
    active     bool not null,
    is_default bool not null default false,
    extra      text,
    seen_at    timestamptz not null default now(),
    primary key (list, system, value)
);

-- `system` is the one the value comes from. `to_value` null: leave the other side as it is.
create table lookup_map (
    list       text not null,
    system     text not null check (system in ('autotask', 'jim2')),
    value      text not null,
    to_value   text,
    path       text,
    decided_by text not null,
    decided_at timestamptz not null default now(),
    primary key (list, system, value)
);

create table field_rule (
    kind  text not null,
    field text not null,
    way   text not null check (way in ('both', 'to-jim2', 'to-autotask', 'create-only', 'off')),
    owner text not null check (owner in ('autotask', 'jim2')),
    primary key (kind, field)
);

create table filter (
    kind    text not null,
    name    text not null,
    setting jsonb not null,
    primary key (kind, name)
);

-- Whether records of a kind may be created, and the brake on the first load. `brake_at` null: released.
create table switch (
    kind           text not null,
    direction      text not null check (direction in ('autotask-to-jim2', 'jim2-to-autotask')),
    create_enabled bool not null default true,
    created        int not null default 0,
    brake_at       int default 25,
    primary key (kind, direction)
);

-- Facts of the site that `connect` found out or asked for.
create table setting (
    name  text primary key,
    value jsonb not null
);

create table mapping_version (
    one       bool primary key default true check (one),
    version   bigint not null,
    bumped_by xid8
);
insert into mapping_version (version) values (1);

-- By trigger, so that no writer, psql included, can change the mapping behind a worker's cache. Once a transaction.
create function bump_mapping_version() returns trigger language plpgsql as $$
begin
    update mapping_version set version = version + 1, bumped_by = pg_current_xact_id()
    where bumped_by is distinct from pg_current_xact_id();
    return null;
end
$$;
create trigger lookup_map_comes_or_goes after insert or delete on lookup_map
    for each row execute function bump_mapping_version();
create trigger lookup_map_changes after update on lookup_map
    for each row when (old.* is distinct from new.*) execute function bump_mapping_version();
create trigger field_rule_comes_or_goes after insert or delete on field_rule
    for each row execute function bump_mapping_version();
create trigger field_rule_changes after update on field_rule
    for each row when (old.* is distinct from new.*) execute function bump_mapping_version();
create trigger filter_comes_or_goes after insert or delete on filter
    for each row execute function bump_mapping_version();
create trigger filter_changes after update on filter
    for each row when (old.* is distinct from new.*) execute function bump_mapping_version();
create trigger setting_comes_or_goes after insert or delete on setting
    for each row execute function bump_mapping_version();
create trigger setting_changes after update on setting
    for each row when (old.* is distinct from new.*) execute function bump_mapping_version();
create trigger switch_comes_or_goes after insert or delete on switch
    for each row execute function bump_mapping_version();
-- Not `created`: a counter is no configuration.
create trigger switch_changes after update on switch
    for each row when (old.create_enabled <> new.create_enabled
                       or old.brake_at is distinct from new.brake_at)
    execute function bump_mapping_version();

-- ---------------------------------------------------------------------------------------------- where we are in the sources

create table cursor (
    name        text primary key,
    position    bigint not null,
    at          timestamptz,
    database_id text,
    db_epoch    bigint,
    moved_at    timestamptz not null default now()
);

create table webhook (
    name           text primary key,
    entity         text not null,
    autotask_id    bigint,
    guid           text,
    secret_version int not null default 1,
    is_active      bool not null default false,
    is_ready       bool not null default false,
    checked_at     timestamptz,
    check_wanted   bool not null default false
);

create table webhook_sequence (
    guid    text primary key,
    last    bigint not null,
    last_at timestamptz not null default now()
);

-- Numbers that were jumped over: a suspicion, until they come late or stay away for ten minutes.
create table webhook_missing (
    guid     text not null references webhook_sequence on delete cascade,
    number   bigint not null,
    since    timestamptz not null default now(),
    -- When the webhook was last heard of before: what is missing was not told earlier.
    heard_at timestamptz not null,
    primary key (guid, number)
);
create index webhook_missing_since on webhook_missing (since);

create table gap (
    id        uuid primary key,
    system    text not null check (system in ('autotask', 'jim2')),
    kind      text,
    reason    text not null,
    since     timestamptz not null,
    until     timestamptz,
    opened_at timestamptz not null default now(),
    closed_at timestamptz
);
create index gap_open on gap (system) where closed_at is null;

create table sweep (
    kind          text not null,
    system        text not null check (system in ('autotask', 'jim2')),
    watermark     timestamptz,
    last_started  timestamptz,
    last_finished timestamptz,
    primary key (kind, system)
);

-- Events that the broker could not take.
create table spill (
    id           uuid primary key,
    route        jsonb not null,
    headers      jsonb not null,
    body         bytea not null,
    due_at       timestamptz not null default now(),
    leased_until timestamptz,
    created_at   timestamptz not null default now()
);
create index spill_due on spill (due_at);

-- ---------------------------------------------------------------------------------------------- the two systems

create table system_state (
    system         text primary key check (system in ('autotask', 'jim2')),
    paused         bool not null default true,
    paused_by      text,
    stopped_reason text,
    stopped_code   text,
    stopped_until  timestamptz,
    database_id    text,
    db_epoch       bigint,
    used           int not null default 0,
    allowance      int not null default 10000,
    window_minutes int not null default 60,
    measured_at    timestamptz,
    granted_since  int not null default 0,
    -- Calls a minute that are not ours.
    rate_others    float8 not null default 0
);
insert into system_state (system, paused_by) values ('autotask', 'installation'), ('jim2', 'installation');

create table slot (
    endpoint text not null,
    slot     smallint not null check (slot between 1 and 2),
    owner    text,
    until    timestamptz,
    calls    int not null default 0,
    primary key (endpoint, slot),
    check ((owner is null) = (until is null))
);

-- The one writing session; its bytes come sealed.
create table session (
    system     text primary key check (system in ('autotask', 'jim2')),
    sealed     bytea not null,
    version    bigint not null default 1,
    holder     text not null,
    expires_at timestamptz not null
);

-- ---------------------------------------------------------------------------------------------- people

create table operator (
    name       text primary key,
    created_at timestamptz not null default now()
);

create table audit (
    id     bigint generated always as identity primary key,
    at     timestamptz not null default now(),
    who    text not null references operator,
    act    text not null,
    detail jsonb not null
);
create index audit_at on audit (at);

-- ---------------------------------------------------------------------------------------------- the mass guard

-- What the mass guard counts: pairs that lost something within the last hour. Older rows go at the next count, so a
-- row may outlive its pair for a while and refers to it without a constraint.
create table loss (
    kind    text not null,
    -- 'vanished', or 'emptied:' and the field.
    what    text not null,
    pair_id uuid not null,
    at      timestamptz not null default now(),
    primary key (kind, what, pair_id)
);
create index loss_at on loss (at);

-- A person's word that a mass loss is meant, for a while.
create table loss_release (
    kind  text not null,
    what  text not null,
    who   text not null references operator,
    until timestamptz not null,
    primary key (kind, what)
);
-- A release is a reason to look again at what the guard held.
create trigger loss_release_comes_or_goes after insert or delete on loss_release
    for each row execute function bump_mapping_version();
create trigger loss_release_changes after update on loss_release
    for each row when (old.* is distinct from new.*) execute function bump_mapping_version();
