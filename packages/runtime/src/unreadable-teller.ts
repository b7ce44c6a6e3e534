import { MissingKeyError } from '@understudy/sealing';
import type { LogFields } from './log-fields.ts';
import type { Logger } from './logger.ts';

/** So much is remembered, so that each is told of once. */
const MOST_TOLD = 10_000;

/** What of a record tells it from others. */
interface UnreadableRecordName {
  /** Where that is known; an id without one is an id among all projects. */
  project?: string;
  id: string;
  /** The endpoint of a delivery: any number of those that are for it may lack their key together. */
  receiver?: string;
}

/**
 * Logs that a record cannot be read, with the id of a key that is missing: of the deliveries of an
 * endpoint that lack the same one the first.
 */
export type UnreadableTeller = (
  record: UnreadableRecordName,
  fields: LogFields,
  reason: Error,
) => void;

/** @param message what becomes of such a record */
export function unreadableTeller(logger: Logger, message: string): UnreadableTeller {
  const known = new Set<string>();
  return (record, fields, reason) => {
    const { project, id, receiver } = record;
    const lacking = reason instanceof MissingKeyError ? reason.keyId : undefined;
    const isOneOfMany = lacking !== undefined && receiver !== undefined;
    const name = isOneOfMany ? `${lacking} ${receiver}` : `${project ?? ''}/${id}`;
    if (known.has(name)) return;
    if (known.size >= MOST_TOLD) known.clear();
    known.add(name);
    const key = lacking === undefined ? {} : { key: lacking };
    const owner = project === undefined ? {} : { project };
    const others = isOneOfMany ? '; others of its endpoint that lack this key are not named' : '';
    logger.warn({ ...fields, ...owner, ...key, reason: reason.message }, `${message}${others}`);
  };
}
