/**
 * The version written into queue entries, messages, registrations and what else is stored as JSON
 * (member `v`). A reader takes this version, and passes over a newer one. The job record as a whole
 * has versions of its own, see `RECORD_VERSIONS`.
 */
export const SCHEMA_VERSION = 1;
