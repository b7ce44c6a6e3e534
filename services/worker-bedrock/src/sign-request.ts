import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SignableRequest } from '@understudy/provider';
import type { AwsCredentials } from './aws-credentials.ts';

/** What a signature is good for: each of Bedrock's hosts is a service of its own name. */
export interface SignedScope {
  region: string;
  service: 'bedrock' | 'bedrock-mantle';
}

/**
 * Headers of AWS's Signature Version 4 for one request to Bedrock. The path is signed
 * percent-encoded once more than it is sent, as AWS demands of all services but S3.
 */
export async function signatureHeaders(
  request: SignableRequest,
  credentials: AwsCredentials,
  { region, service }: SignedScope,
  signedAt: Date,
): Promise<Record<string, string>> {
  const url = new URL(request.url);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const added = {
    // A large body is hashed by Node, which is many times faster than the signer's own hash.
    'x-amz-content-sha256': createHash('sha256').update(request.body).digest('hex'),
  };
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...amazonHeaders(request), host: url.host, ...added },
      body: request.body,
    },
    { signingDate: signedAt },
  );
  // The HTTP client writes `host` itself, the same one.
  const { host: _, ...headers } = signed.headers;
  return headers;
}

// Others need no signature, and might be rewritten on the way.
function amazonHeaders({ headers }: SignableRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-')));
}
