import {
  CredentialsError,
  type ProviderConnection,
  type ProviderSettings,
  requiredCredential,
  untilAborted,
} from '@understudy/provider';

const SCOPE = 'https://ai.azure.com/.default';

/**
 * The configured key, which both of a resource's APIs take in the same header; else the configured
 * access token; else a token of Microsoft Entra by the default chain (environment, workload
 * identity, managed identity, developer log-ins), kept and renewed in time.
 */
export function azureCredentials(settings: ProviderSettings): ProviderConnection['credentials'] {
  if (settings.apiKey !== undefined) {
    const headers = { 'api-key': requiredCredential(settings, 'apiKey') };
    return () => Promise.resolve(headers);
  }
  if (settings.accessToken !== undefined) {
    const headers = { authorization: `Bearer ${requiredCredential(settings, 'accessToken')}` };
    return () => Promise.resolve(headers);
  }
  let entra: Promise<() => Promise<string>> | undefined;
  return async (signal) => {
    try {
      signal.throwIfAborted();
      entra ??= createTokenSource();
      const askToken = await entra;
      return { authorization: `Bearer ${await untilAborted(askToken(), signal)}` };
    } catch (error) {
      throw new CredentialsError(
        `Microsoft Entra gave no access token for provider ${settings.name} (${reasonOf(error)}): give the service a managed identity, set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, log in with \`az login\`, or set apiKey or accessToken.`,
      );
    }
  };
}

// Loaded by the first call: the library is large, and keys do without it.
async function createTokenSource(): Promise<() => Promise<string>> {
  const library = await import('@azure/identity');
  return library.getBearerTokenProvider(new library.DefaultAzureCredential(), SCOPE);
}

// Name and status alone: messages quote what the identity service said.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? `${error.name}, status ${status}` : error.name;
}
