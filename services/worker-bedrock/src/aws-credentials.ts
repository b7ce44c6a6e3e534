import { CredentialsError, type ProviderSettings, untilAborted } from '@understudy/provider';

/** An AWS identity, as its signature needs it. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * AWS's usual chain: environment, profile with SSO or assumed role, process, web identity,
 * container, instance. The library keeps what it found and renews it in time.
 * @returns a function that throws CredentialsError, which quotes nothing that the chain read
 */
export function awsCredentials(
  settings: ProviderSettings,
  region: string,
): (signal: AbortSignal) => Promise<AwsCredentials> {
  let chain: Promise<() => Promise<AwsCredentials>> | undefined;
  return async (signal) => {
    chain ??= createChain(region);
    try {
      signal.throwIfAborted();
      const provide = await chain;
      return await untilAborted(provide(), signal);
    } catch (error) {
      throw new CredentialsError(
        `AWS gave no credentials for provider ${settings.name} (${reasonOf(error)}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role of the machine, or give the provider an apiKey.`,
      );
    }
  };
}

// Loaded by the first call: the library is large, and a bearer key does without it.
async function createChain(region: string): Promise<() => Promise<AwsCredentials>> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain({ clientConfig: { region } });
}

// The name alone: messages quote paths, profiles and, of a failed parse, the file.
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown reason';
}
