-- The review queue: append-only events, and one row per item that repeats the fold of its events.

create table items (
    id              text    not null primary key,
    listing_id      text    not null unique references listings (id),
    status          text    not null,
    by_whom         text,
    lease_token     bigint,
    lease_until     text,
    decided_at      text,
    decision_event  text,
    decision        text,
    outcome         text,
    band            text    not null,
    points          bigint  not null,
    lane            text    not null,
    priority        bigint  not null,
    last_token      bigint  not null,
    seq             bigint  not null,
    created_at      text    not null,
    updated_at      text    not null
);
create index items_in_order on items (priority desc, created_at, id);
create index items_waiting on items (priority desc, created_at, id, lane, status, lease_until)
    where status in ('open', 'claimed');
create index items_by_decision on items (decision_event);

create table events (
    id              text    not null primary key,
    item_id         text    not null references items (id),
    seq             bigint  not null,
    at              text    not null,
    action          text    not null,
    refers_to       text,
    body            text    not null,
    unique (item_id, seq)
);
create index events_decided on events (id) where action = 'decided';
create index events_referring on events (refers_to) where refers_to is not null;
