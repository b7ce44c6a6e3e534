import { readFile } from 'node:fs/promises';
import type { gaxios, GoogleAuth, JWT, JWTOptions } from 'google-auth-library';
import {
  CredentialsError,
  type ProviderConnection,
  type ProviderSettings,
  requiredCredential,
  settingError,
  untilAborted,
} from '@understudy/provider';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The configured access token; else the service account of `credentialsFile`; else application
 * default credentials: the key file of GOOGLE_APPLICATION_CREDENTIALS, `gcloud` login, workload
 * identity or the metadata server. Tokens are renewed in time.
 * @throws ConfigurationError when both are configured, or one that cannot be used
 * @param transporter sends the library's own requests; default: the library's
 */
export function googleCredentials(
  settings: ProviderSettings,
  transporter?: gaxios.Gaxios,
): ProviderConnection['credentials'] {
  const { accessToken, credentialsFile } = settings;
  if (accessToken !== undefined && credentialsFile !== undefined) {
    throw settingError(settings, 'credentialsFile', 'given beside accessToken; leave one out');
  }
  if (accessToken !== undefined) {
    const authorization = `Bearer ${requiredCredential(settings, 'accessToken')}`;
    return () => Promise.resolve({ authorization });
  }
  const connectClient = once((): Promise<GoogleAuth | JWT> =>
    credentialsFile === undefined
      ? defaultClient(transporter)
      : serviceAccountClient(credentialsFile, transporter),
  );
  return async (signal) => {
    try {
      const client = await connectClient();
      signal.throwIfAborted();
      return Object.fromEntries(await untilAborted(client.getRequestHeaders(), signal));
    } catch (error) {
      throw new CredentialsError(
        `Google gave no access token for provider ${settings.name} (${reasonOf(error)}): ${remedy(credentialsFile)}`,
      );
    }
  };
}

function remedy(credentialsFile: string | undefined): string {
  return credentialsFile === undefined
    ? 'check GOOGLE_APPLICATION_CREDENTIALS or the application default login, or set credentialsFile or accessToken.'
    : `check that credentialsFile ${JSON.stringify(credentialsFile)} is the JSON key of a service account; for any other kind of credentials use GOOGLE_APPLICATION_CREDENTIALS instead.`;
}

/** Keeps the first result; a failure is tried again, as a file may come later. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let result: Promise<Value> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

// The library is loaded by the first call: it is large, and a fixed token does without it.
async function defaultClient(transporter?: gaxios.Gaxios): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({
    scopes: SCOPE,
    ...(transporter !== undefined && { clientOptions: { transporter } }),
  });
}

/**
 * A client of its own for one key, where the default credentials are one per process. Other types
 * of credential files can name addresses to be called, so they are not taken from here.
 */
async function serviceAccountClient(path: string, transporter?: gaxios.Gaxios): Promise<JWT> {
  const key: unknown = JSON.parse(await readFile(path, 'utf8'));
  const library = await import('google-auth-library');
  return new library.JWT({
    ...keyOptions(key),
    scopes: [SCOPE],
    ...(transporter !== undefined && { transporter }),
  });
}

function keyOptions(key: unknown): JWTOptions {
  if (typeof key === 'object' && key !== null && 'client_email' in key && 'private_key' in key) {
    const { client_email: email, private_key: privateKey } = key;
    if (typeof email === 'string' && typeof privateKey === 'string') {
      return { email, key: privateKey };
    }
  }
  throw Object.assign(new Error('no service account'), { code: 'no service account key' });
}

// Status and code alone: the message of a failed parse quotes the key file.
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown reason';
  if ('status' in error && typeof error.status === 'number') return `status ${error.status}`;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown reason';
}
