import type { GoogleAuth, GoogleAuthOptions } from 'google-auth-library';
import {
  CredentialsError,
  type ProviderConnection,
  type ProviderSettings,
  requiredCredential,
} from '@understudy/provider';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The configured access token, or else application default credentials: a service account's key
 * file, `gcloud` login, workload identity or the metadata server, with tokens renewed in time.
 */
export function googleCredentials(
  settings: ProviderSettings,
  authOptions: GoogleAuthOptions = {},
): ProviderConnection['credentials'] {
  if (settings.accessToken !== undefined) {
    const authorization = `Bearer ${requiredCredential(settings, 'accessToken')}`;
    return () => Promise.resolve({ authorization });
  }
  let auth: Promise<GoogleAuth> | undefined;
  return async (signal) => {
    auth ??= createAuth(authOptions);
    try {
      const client = await auth;
      signal.throwIfAborted();
      return Object.fromEntries(await untilAborted(client.getRequestHeaders(), signal));
    } catch (error) {
      throw new CredentialsError(
        `Google gave no access token for provider ${settings.name} (${reasonOf(error)}): check GOOGLE_APPLICATION_CREDENTIALS or the application default login, or set accessToken.`,
      );
    }
  };
}

// Loaded by the first call: the library is large, and a fixed token does without it.
async function createAuth(options: GoogleAuthOptions): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ ...options, scopes: SCOPE });
}

// The library takes no signal; its request goes on and its token serves the next call.
async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(new DOMException('Aborted.', 'AbortError'));
    signal.addEventListener('abort', onAbort, { signal: ended.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}

// Status and code alone: the message of a failed parse quotes the key file.
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown reason';
  if ('status' in error && typeof error.status === 'number') return `status ${error.status}`;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown reason';
}
