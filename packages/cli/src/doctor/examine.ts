import { tellFailure } from '../failure.ts';
import type { Session } from '../session.ts';
import { checkApi, checkKey } from './check-api.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkProviders } from './check-providers.ts';
import { checkRedis } from './check-redis.ts';
import { fail, type Finding } from './finding.ts';
import { readConfiguration } from './read-configuration.ts';

/**
 * Every check, in order. What needs the key is asked only where the API lets it in; what cannot be found
 * out is a finding too, for something is wrong when a doctor is called.
 */
export async function examine(session: Session): Promise<Finding[]> {
  const api = await checkApi(session);
  const answers = api.some(({ about, state }) => about === 'API' && state === 'ok');
  let scopes: readonly string[] = [];
  const key = await orFinding(session, 'key', async () => {
    if (!answers) return [];
    const check = await checkKey(session);
    scopes = check.scopes;
    return [check.finding];
  });
  const configuration = readConfiguration(session);
  return [
    ...api,
    ...key,
    ...(await checkRedis(session, configuration.redis)),
    ...checkConfiguration(configuration),
    ...(scopes.includes('read') ? await orFinding(session, 'providers', checkProviders) : []),
  ];
}

async function orFinding(
  session: Session,
  about: string,
  check: (session: Session) => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check(session);
  } catch (error) {
    session.signal.throwIfAborted();
    const failure = tellFailure(error);
    if (failure === undefined) throw error;
    return [fail(about, `cannot be looked at: ${failure.message}`)];
  }
}
