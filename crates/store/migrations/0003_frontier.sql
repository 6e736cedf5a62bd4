-- The crawl frontier: which addresses wait, are being fetched, are done.

create table crawls (
    id              text    not null primary key,
    settings        text    not null,
    page_budget     bigint,
    host_budget     bigint,
    spent           bigint  not null default 0,
    last_number     bigint  not null default 0,
    started_at      text    not null,
    finished_at     text
);

create table targets (
    crawl_id        text    not null references crawls (id),
    number          bigint  not null,
    url             text    not null,
    url_digest      text    not null,
    host            text    not null,
    depth           bigint  not null,
    priority        bigint  not null,
    found_on        bigint,
    redirected_from text    not null default '[]',
    state           text    not null,
    not_before      text,
    attempts        bigint  not null default 0,
    detail          text,
    added_at        text    not null,
    changed_at      text    not null,
    primary key (crawl_id, number),
    unique (crawl_id, url_digest)
);
create index targets_in_order on targets (crawl_id, state, priority desc, depth, number, host, not_before);

create table crawl_hosts (
    crawl_id        text    not null references crawls (id),
    host            text    not null,
    spent           bigint  not null default 0,
    primary key (crawl_id, host)
);
