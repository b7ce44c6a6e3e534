const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Where the broker is, and what opens it. */
export interface BrokerAccess {
  baseUrl: string;
  apiKey: string;
  /** Acted in instead of the key's own; `*` for all. */
  project?: string;
}

/**
 * Completes what was given by the environment, in which an empty variable is none.
 * @throws TypeError for no key, a key or a project that no header can carry, and what is no URL; never
 *   with the key
 */
export function findBroker(given: {
  baseUrl?: string | undefined;
  apiKey?: string | undefined;
  project?: string | undefined;
}): BrokerAccess {
  const environment = readEnvironment();
  const apiKey = (given.apiKey ?? environment['UNDERSTUDY_API_KEY'] ?? '').trim();
  if (apiKey === '') throw new TypeError('no API key: give apiKey, or set UNDERSTUDY_API_KEY');
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError(
      'the API key holds white space or characters that no header can carry; give it as it was printed',
    );
  }
  const baseUrl = given.baseUrl ?? (environment['UNDERSTUDY_URL'] || DEFAULT_URL);
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new TypeError(
      `baseUrl is ${JSON.stringify(baseUrl)}; give the URL of a broker, such as ${DEFAULT_URL}`,
    );
  }
  const { project } = given;
  if (project === undefined) return { baseUrl, apiKey };
  if (!/^[\x21-\x7e]+$/.test(project)) {
    throw new TypeError(
      `project is ${JSON.stringify(project)}; give the name of one, such as acme, or * for all`,
    );
  }
  return { baseUrl, apiKey, project };
}

/** Browsers and workers have none, or what a bundler puts in its place. */
function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return typeof process === 'object' && typeof process.env === 'object' ? process.env : {};
}
