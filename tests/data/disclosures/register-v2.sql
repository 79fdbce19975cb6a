-- A disclosure register of version 2, as the second program made it; SQLite and PostgreSQL take it.
CREATE TABLE disclosure_register (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);

CREATE TABLE disclosure_change (
  number BIGINT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  content TEXT NOT NULL,
  digest TEXT NOT NULL,
  time TEXT,
  actor TEXT,
  line_number BIGINT,
  line_digest TEXT,
  PRIMARY KEY (number)
);

CREATE INDEX ix_disclosure_change_subject ON disclosure_change (subject);

CREATE TABLE disclosure (
  id TEXT NOT NULL,
  case_number TEXT,
  title TEXT,
  environment TEXT,
  recipient TEXT,
  recipient_type TEXT,
  recipient_country TEXT,
  channel TEXT,
  recipient_key TEXT,
  purpose TEXT,
  purpose_text TEXT,
  gdpr6 TEXT,
  gdpr9 TEXT,
  national TEXT,
  confidentiality TEXT,
  approvals TEXT,
  released TEXT,
  project_end TEXT,
  deletion_date TEXT,
  k BIGINT,
  rows BIGINT,
  persons BIGINT,
  files BIGINT,
  pseudonyms TEXT,
  manifest_sha256 TEXT,
  statement_sha512 TEXT,
  sealed_sha512 TEXT,
  receipt_sha512 TEXT,
  place TEXT,
  signers TEXT,
  audit_number BIGINT,
  audit_digest TEXT,
  received TEXT,
  linked TEXT,
  hourly_rate DOUBLE PRECISION,
  state TEXT,
  withdrawn TEXT,
  withdrawn_why TEXT,
  deleted TEXT,
  deleted_by TEXT,
  deleted_reference TEXT,
  PRIMARY KEY (id)
);

CREATE TABLE disclosure_application (
  case_number TEXT NOT NULL,
  title TEXT,
  applicant TEXT,
  received TEXT,
  linked TEXT,
  hourly_rate DOUBLE PRECISION,
  answered TEXT,
  outcome TEXT,
  PRIMARY KEY (case_number)
);

CREATE TABLE disclosure_work (
  number BIGINT NOT NULL,
  case_number TEXT,
  release TEXT,
  day TEXT,
  hours DOUBLE PRECISION,
  what TEXT,
  PRIMARY KEY (number)
);
