/**
 * The version written into every stored record and queue entry (member `v`).
 * A reader accepts this version and refuses a newer one, so that a rolling upgrade can tell.
 */
export const SCHEMA_VERSION = 1;
