import { MissingKeyError } from '@understudy/sealing';
import type { LogFields } from './log-fields.ts';
import type { Logger } from './logger.ts';

/** So many records are remembered, so that each is told of once. */
const MOST_TOLD = 10_000;

/** Logs that a record cannot be read, with the id of a key that is missing. */
export type UnreadableTeller = (
  /** Its project where that is known; an id without one is an id among all projects. */
  record: { project?: string; id: string },
  fields: LogFields,
  reason: Error,
) => void;

/** @param message what becomes of such a record */
export function unreadableTeller(logger: Logger, message: string): UnreadableTeller {
  const known = new Set<string>();
  return ({ project, id }, fields, reason) => {
    const name = `${project ?? ''}/${id}`;
    if (known.has(name)) return;
    if (known.size >= MOST_TOLD) known.clear();
    known.add(name);
    const key = reason instanceof MissingKeyError ? { key: reason.keyId } : {};
    const owner = project === undefined ? {} : { project };
    logger.warn({ ...fields, ...owner, ...key, reason: reason.message }, message);
  };
}
