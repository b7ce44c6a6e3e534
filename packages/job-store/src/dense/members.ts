import type { JobRequest } from '@understudy/contracts';

/** What JSON made of a record's text, before a schema has looked at it. */
export type Members = Readonly<Record<string, unknown>>;

/** What of its job's request a dense text does not repeat. */
export type DenseBase = Pick<JobRequest, 'model' | 'dialect' | 'created_at'>;

/** The member as it is kept: nothing where it is what a reader assumes. */
export function unless<Value>(value: Value, assumed: Value): Value | undefined {
  return value === assumed ? undefined : value;
}

/** As `unless`, of a member that may be missing although readers assume one: that is null. */
export function beside<Value>(value: Value | undefined, assumed: Value): Value | null | undefined {
  return value === undefined ? null : unless(value, assumed);
}

/** Reads what `beside` kept. */
export function besides(kept: unknown, assumed: unknown): unknown {
  return kept === null ? undefined : (kept ?? assumed);
}

/** A list or a map as it is kept: nothing where it is empty. */
export function filled<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** A copy without the members that are undefined: schemas keep those that are there. */
export function present(members: Members): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member !== undefined) kept[name] = member;
  }
  return kept;
}

export function membersOf(value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw new TypeError('expected an object');
  return { ...value };
}
