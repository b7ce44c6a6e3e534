/** What was encrypted cannot be read, because the key is not there. The message names its id. */
export class MissingKeyError extends Error {
  override name = 'MissingKeyError';
  readonly keyId: string;

  constructor(keyId: string) {
    super(
      `something was encrypted under the key "${keyId}", which this process does not have; ` +
        'add it to UNDERSTUDY_ENCRYPTION_KEYS, behind the key that encrypts',
    );
    this.keyId = keyId;
  }
}

/** What was encrypted is not what was written there: it was changed, moved, or the key is another. */
export class BrokenSealError extends Error {
  override name = 'BrokenSealError';

  constructor(keyId: string, place: string, cause?: unknown) {
    super(
      `what stands at ${place} does not decrypt under the key "${keyId}": it was changed or moved ` +
        'there, or the bytes of the key are not those it was encrypted with',
      { cause },
    );
  }
}

/** Something that must be encrypted stands there in clear: it was put there by somebody else. */
export class UnsealedError extends Error {
  override name = 'UnsealedError';

  constructor(place: string) {
    super(
      `what stands at ${place} is not encrypted, and is not read: UNDERSTUDY_ENCRYPTION_REQUIRED ` +
        'is set; if it is from before there was a key, unset that until it has expired',
    );
  }
}
