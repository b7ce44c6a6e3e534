import type { Session } from '../session.ts';
import { checkApi, checkKey } from './check-api.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkProviders } from './check-providers.ts';
import { checkRedis } from './check-redis.ts';
import type { Finding } from './finding.ts';

/** Every check, in order. What needs the key is asked only where the API lets it in. */
export async function examine(session: Session): Promise<Finding[]> {
  const api = await checkApi(session);
  const answers = api.some(({ about, state }) => about === 'API' && state === 'ok');
  const key = answers ? await checkKey(session) : [];
  const mayRead = key.some(({ state, message }) => state !== 'fail' && message.includes('read'));
  return [
    ...api,
    ...key,
    ...(await checkRedis(session)),
    ...checkConfiguration(session),
    ...(mayRead ? await checkProviders(session) : []),
  ];
}
