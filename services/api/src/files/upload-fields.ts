import { BrokerError } from '@understudy/contracts';

/** What is said of an upload beside its bytes. */
export interface UploadChoice {
  purpose: 'batch';
  /** How long the file is kept; the setting where it is not said. */
  lifeMs?: number;
}

/** OpenAI's bounds, which the life of batches' results has too. */
export const LIFE_SECONDS = { least: 3600, most: 2_592_000 };

const ACCEPTED_PURPOSE = 'batch';

/** @throws BrokerError that names the part and what it may hold */
export function readUploadFields(fields: ReadonlyMap<string, string>): UploadChoice {
  const purpose = fields.get('purpose');
  if (purpose !== ACCEPTED_PURPOSE) {
    throw refusal(
      'purpose',
      `purpose is ${purpose === undefined ? 'missing' : JSON.stringify(purpose.slice(0, 40))}; ` +
        `"${ACCEPTED_PURPOSE}" is accepted: files are inputs of batches here`,
    );
  }
  const anchor = fields.get('expires_after[anchor]');
  const seconds = fields.get('expires_after[seconds]');
  if (anchor === undefined && seconds === undefined) return { purpose };
  if (anchor !== 'created_at') {
    throw refusal('expires_after[anchor]', 'expires_after[anchor] must be "created_at"');
  }
  const { least, most } = LIFE_SECONDS;
  const count = /^\d{1,9}$/.test(seconds ?? '') ? Number(seconds) : 0;
  if (count < least || count > most) {
    throw refusal(
      'expires_after[seconds]',
      `expires_after[seconds] must be a whole number from ${least} to ${most}`,
    );
  }
  return { purpose, lifeMs: count * 1000 };
}

function refusal(param: string, message: string): BrokerError {
  return new BrokerError('invalid_request', message, { param });
}
