import type { JobError } from '@understudy/contracts';

/** Rules by which a target is passed over for what the caller's body holds, or lacks. */
const BODY_RULES: ReadonlySet<string> = new Set([
  'untranslatable',
  'dialect_unsupported',
  'image_unreachable',
  'lossy',
]);

/** Whether a job failed without any answer of a provider, because none could be sent its body. */
export function isBodyAtFault({ status_code: status, rule }: JobError): boolean {
  return status === undefined && rule !== undefined && BODY_RULES.has(rule);
}
