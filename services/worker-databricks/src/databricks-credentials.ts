import {
  callProvider,
  createDispatcher,
  CredentialsError,
  type ProviderSettings,
  requiredCredential,
  settingError,
  untilAborted,
} from '@understudy/provider';

const TOKEN_TIMEOUT_MS = 10_000;
/** A token is given up so long before its end that no call outlives it on the way. */
const RENEW_BEFORE_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Gets the `authorization` header of a provider. */
export interface DatabricksCredentials {
  /** Throws CredentialsError, which holds no secret. */
  authorization(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/**
 * The configured token; else tokens for the OAuth client of a service principal, each used until
 * shortly before its end and asked for once for all calls that wait for it.
 * @param tokenOrigin where the workspace answers `/oidc/v1/token`
 * @param now milliseconds of a monotonic clock
 * @throws ConfigurationError for credentials that are missing, half given or given twice
 */
export function databricksCredentials(
  settings: ProviderSettings,
  tokenOrigin: string,
  now: () => number,
): DatabricksCredentials {
  if (settings.clientId === undefined && settings.clientSecret === undefined) {
    const authorization = `Bearer ${requiredCredential(settings, 'token')}`;
    return { authorization: () => Promise.resolve(authorization), close: () => Promise.resolve() };
  }
  if (settings.token !== undefined) {
    throw settingError(settings, 'clientId', 'given beside token; leave one out');
  }
  return new OAuthClient(settings, tokenOrigin, now);
}

interface Token {
  authorization: string;
  /** By the injected clock. */
  renewAt: number;
}

class OAuthClient implements DatabricksCredentials {
  readonly #provider: string;
  readonly #url: string;
  readonly #basic: string;
  readonly #now: () => number;
  readonly #dispatcher;
  readonly #closed = new AbortController();
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;

  constructor(settings: ProviderSettings, tokenOrigin: string, now: () => number) {
    const id = requiredCredential(settings, 'clientId');
    const secret = requiredCredential(settings, 'clientSecret');
    this.#provider = settings.name;
    this.#url = `${tokenOrigin}/oidc/v1/token`;
    this.#basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    this.#now = now;
    this.#dispatcher = createDispatcher({
      connections: 1,
      connectTimeoutMs: settings.connectTimeoutMs,
    });
  }

  async authorization(signal: AbortSignal): Promise<string> {
    if (this.#token !== undefined && this.#now() < this.#token.renewAt) {
      return this.#token.authorization;
    }
    try {
      signal.throwIfAborted();
      const token = await untilAborted(this.#sharedRequest(), signal);
      return token.authorization;
    } catch (error) {
      if (error instanceof CredentialsError) throw error;
      throw this.#failure('the call has ended');
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#dispatcher.destroy();
  }

  #sharedRequest(): Promise<Token> {
    this.#asking ??= this.#request().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #request(): Promise<Token> {
    const askedAt = this.#now();
    const result = await callProvider({
      url: this.#url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: this.#basic,
      },
      body: Buffer.from('grant_type=client_credentials&scope=all-apis'),
      timeoutMs: TOKEN_TIMEOUT_MS,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      signal: this.#closed.signal,
      dispatcher: this.#dispatcher,
    });
    if (result.kind !== 'answer') {
      throw this.#failure(result.kind === 'fault' ? result.message : 'the service stops');
    }
    const token = result.status === 200 ? readToken(result.body, askedAt) : undefined;
    if (token === undefined) throw this.#failure(`status ${result.status}`);
    this.#token = token;
    return token;
  }

  #failure(reason: string): CredentialsError {
    return new CredentialsError(
      `${this.#url} gave no access token for provider ${this.#provider} (${reason}): check clientId and clientSecret, and that their service principal belongs to the workspace.`,
    );
  }
}

function readToken(body: Buffer, askedAt: number): Token | undefined {
  const answer = parsed(body);
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) {
    return undefined;
  }
  const { access_token: token } = answer;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return undefined;
  const lifeMs = 'expires_in' in answer ? Number(answer.expires_in) * 1000 : Number.NaN;
  // A life that is not stated, or shorter than the margin, still serves the calls that wait.
  const usableMs = Number.isFinite(lifeMs) ? Math.max(0, lifeMs - RENEW_BEFORE_MS) : 0;
  return { authorization: `Bearer ${token}`, renewAt: askedAt + usableMs };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
