/** The controller's schema, one entry a version. An entry that was released is never edited: add another. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE package (
    digest TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    files TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE ns_descriptor (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    digest TEXT REFERENCES package(digest),
    nsd TEXT
  ) WITHOUT ROWID;

  CREATE TABLE ns_instance (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    descriptor_id TEXT NOT NULL REFERENCES ns_descriptor(id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    instantiated INTEGER NOT NULL DEFAULT 0,
    site TEXT,
    inputs TEXT
  ) WITHOUT ROWID;

  CREATE TABLE ns_operation (
    id TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    site TEXT NOT NULL,
    parameters TEXT NOT NULL,
    started_at TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    error TEXT
  ) WITHOUT ROWID;
  CREATE INDEX ns_operation_by_instance ON ns_operation(instance_id);
  CREATE INDEX ns_operation_processing ON ns_operation(state) WHERE state = 'PROCESSING';

  CREATE TABLE desired (
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (site, kind, id)
  ) WITHOUT ROWID;

  CREATE TABLE node (
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    online INTEGER NOT NULL DEFAULT 0,
    since TEXT,
    agent_version TEXT,
    heard_at TEXT,
    reported_at TEXT,
    inventory TEXT,
    telemetry TEXT,
    PRIMARY KEY (site, node)
  ) WITHOUT ROWID;

  CREATE TABLE inbox (
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    store TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (site, node, store)
  ) WITHOUT ROWID;

  CREATE TABLE service_status (
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    service TEXT NOT NULL,
    revision INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    body TEXT,
    reported_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (site, node, service)
  ) WITHOUT ROWID;
  CREATE INDEX service_status_by_service ON service_status(service);

  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    store TEXT NOT NULL,
    seq INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    body TEXT NOT NULL
  );
  `,
  `
  CREATE TABLE desired_floor (
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (site, kind, id)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE node_command (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    id TEXT NOT NULL,
    verb TEXT NOT NULL,
    args TEXT NOT NULL,
    made_at TEXT NOT NULL,
    deadline TEXT NOT NULL,
    sent_at TEXT,
    answered_at TEXT,
    answer TEXT,
    UNIQUE (site, node, id)
  );
  CREATE INDEX node_command_open ON node_command(seq) WHERE answer IS NULL;
  `,
  `
  ALTER TABLE service_status ADD COLUMN store TEXT NOT NULL DEFAULT '';
  ALTER TABLE service_status ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
  `,
];
