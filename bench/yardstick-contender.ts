import { freePort, startNode } from './child-process.ts';
import {
  API_KEY,
  createJobClient,
  firstJobDone,
  stopAll,
  type Contender,
  type ContenderSetting,
} from './contender.ts';
import { seedYardstick } from './yardstick/seed.ts';

export async function startYardstick(
  setting: ContenderSetting,
  clientConnections: number,
): Promise<Contender> {
  const port = await freePort();
  const environment = {
    REDIS_URL: setting.redisUrl,
    PORT: String(port),
    YARDSTICK_API_KEY: API_KEY,
    YARDSTICK_UPSTREAM: setting.upstream.baseUrl,
  };
  const processes = ['api', 'worker'].map((name) =>
    startNode(name, new URL(`yardstick/${name}.ts`, import.meta.url), environment, {
      profiled: setting.profile === true,
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const client = createJobClient(origin, clientConnections);
  await firstJobDone('yardstick', client);
  return {
    name: 'yardstick',
    origin,
    processes,
    client,
    seed: (jobs, options) => seedYardstick(setting.redisUrl, jobs, options),
    async stop() {
      await client.close();
      await stopAll(processes);
    },
  };
}
