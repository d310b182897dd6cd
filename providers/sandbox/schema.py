"""Tables of the sandbox's state file and the statements that write them."""

TABLES = """
CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, entry BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, message_id TEXT NOT NULL, account TEXT NOT NULL, recipient TEXT NOT NULL,
  sent_at REAL NOT NULL, delivered_at REAL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_message_id ON messages (message_id);
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, id);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY, due_at REAL NOT NULL, attempt INTEGER NOT NULL, held INTEGER NOT NULL,
  hook TEXT NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_parked ON deliveries (due_at) WHERE held = 0;
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT NOT NULL, expires_at REAL, spent INTEGER NOT NULL,
  detail BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
UPDATE deliveries SET held = 0 WHERE held = 1;
"""

PUT_REQUEST = "INSERT OR REPLACE INTO requests (id, at, host, path, entry) VALUES (?, ?, ?, ?, ?)"
ADD_MESSAGE = (
    "INSERT INTO messages (id, message_id, account, recipient, sent_at, delivered_at, content) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
ADD_DELIVERY = "INSERT INTO deliveries (id, due_at, attempt, held, hook, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
PARK_DELIVERY = "UPDATE deliveries SET due_at = ?, attempt = ?, held = 0 WHERE id = ?"
END_DELIVERY = "DELETE FROM deliveries WHERE id = ?"
PUT_TOKEN = "INSERT OR REPLACE INTO tokens (token, kind, account, expires_at, spent, detail) VALUES (?, ?, ?, ?, ?, ?)"
PUT_STATE = "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)"

# A batch is written statement by statement: a row is inserted before it is changed, and changed before it goes.
BATCH_ORDER = (PUT_REQUEST, ADD_MESSAGE, ADD_DELIVERY, PARK_DELIVERY, END_DELIVERY, PUT_TOKEN, PUT_STATE)

TRIM_REQUESTS = "DELETE FROM requests WHERE id <= (SELECT max(id) FROM requests) - ?"
TRIM_MESSAGES = "DELETE FROM messages WHERE id <= (SELECT max(id) FROM messages) - ?"
