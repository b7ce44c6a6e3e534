import { BrokerError } from '@understudy/contracts';
import { storageFailure } from './storage-failure.ts';

const REMEDIES: readonly { names: readonly string[]; remedy: string }[] = [
  {
    names: ['NoSuchBucket', 'PermanentRedirect', 'AuthorizationHeaderMalformed'],
    remedy: 'there is no such bucket at this endpoint and region; create it, or correct files.s3',
  },
  {
    names: [
      'AccessDenied',
      'Forbidden',
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'ExpiredToken',
      'CredentialsProviderError',
    ],
    remedy:
      'its credentials are missing or may not do this; allow them to list the bucket and its uploads, and to get, put and delete its objects',
  },
];

/** What an operator does about an error of the storage. */
export function s3Remedy(error: unknown): string {
  const name = s3ErrorName(error);
  const known = REMEDIES.find(({ names }) => names.includes(name));
  return `${known?.remedy ?? 'it does not answer as it should; see whether files.s3.endpoint is right and reachable'} (${name})`;
}

/** What an error of the storage means for whoever stores or reads files. */
export function explainS3Error(error: unknown): unknown {
  if (error instanceof BrokerError || error instanceof TypeError) return error;
  return storageFailure(`the storage of files.s3 cannot be used: ${s3Remedy(error)}`, error);
}

/** The code of S3's answer, or that of the network. */
export function s3ErrorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && error.name === 'Error' ? String(error.code) : error.name;
}
