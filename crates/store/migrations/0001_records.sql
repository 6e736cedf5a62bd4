-- Captures, listings with their versions, assessments.
-- Times are RFC 3339 text in UTC with six digits after the second, so that their order as text is their order in time.

create table captures (
    id              text    not null primary key,
    leaf            bigint  not null unique,
    address         text    not null,
    captured_at     text    not null,
    payload         text    not null,
    body            text    not null,
    batches_judged  bigint  not null default 0,
    judged_at       text
);
create index captures_unjudged on captures (leaf) where judged_at is null;

create table listings (
    id              text    not null primary key,
    source          text    not null,
    external_id     text    not null,
    version         bigint  not null,
    kind            text    not null,
    lang            text,
    url             text,
    content         text    not null,
    content_digest  text    not null,
    leaf            bigint  not null references captures (leaf),
    created_at      text    not null,
    updated_at      text    not null,
    seen_at         text    not null,
    -- These five repeat the newest assessment, so that filters and counts need no join.
    assessments     bigint  not null default 0,
    band            text    not null default 'none',
    points          bigint  not null default 0,
    child_risk      bigint  not null default 0,
    families        text    not null default ',',
    unique (source, external_id)
);
-- For reading one source in the order of ids, page by page.
create index listings_by_source on listings (source, id);
-- Partial, so that only counting uses it: through an index on the band, each page of an export would be sorted anew.
create index listings_flagged on listings (families) where band in ('review', 'high', 'urgent');

-- The versions that were replaced; the current one stands in `listings`.
create table listing_versions (
    listing_id      text    not null references listings (id),
    version         bigint  not null,
    content         text    not null,
    content_digest  text    not null,
    leaf            bigint  not null,
    recorded_at     text    not null,
    primary key (listing_id, version)
);

create table assessments (
    listing_id      text    not null references listings (id),
    number          bigint  not null,
    version         bigint  not null,
    leaf            bigint  not null references captures (leaf),
    band            text    not null,
    points          bigint  not null,
    assessed_at     text    not null,
    body            text    not null,
    primary key (listing_id, number)
);
