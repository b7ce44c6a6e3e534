import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startLocalServer } from './local-redis.ts';
import type { LocalServer, RunningRedis } from './local-redis.ts';

const MASTERS = 3;
const SLOTS = 16_384;
const FORM_TIMEOUT_MS = 20_000;
/** A master is given up, and its replica elected, after about twice this. */
const NODE_TIMEOUT_MS = 2000;
const PATIENT_TIMEOUT_MS = 60_000;

export interface LocalCluster extends RunningRedis {
  masters: readonly LocalServer[];
  /** One of each master, in the same order, or none. */
  replicas: readonly LocalServer[];
}

/** Starts a cluster of three masters, each with a replica or without, on loopback ports. */
export async function startLocalCluster({ replicated = false } = {}): Promise<LocalCluster> {
  const servers = await Promise.all(
    Array.from({ length: replicated ? 2 * MASTERS : MASTERS }, () =>
      startLocalServer([
        '--cluster-enabled',
        'yes',
        '--cluster-node-timeout',
        String(NODE_TIMEOUT_MS),
        '--repl-diskless-sync-delay',
        '0',
      ]),
    ),
  );
  const [masters, replicas] = [servers.slice(0, MASTERS), servers.slice(MASTERS)];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    await form(masters, replicas);
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis+cluster://${addresses}`,
    description: `a cluster of ${servers.length} local servers, ${addresses}`,
    masters,
    replicas,
    stop,
  };
}

async function form(
  masters: readonly LocalServer[],
  replicas: readonly LocalServer[],
): Promise<void> {
  const connections = [...masters, ...replicas].map(({ port }) => new Redis(port, '127.0.0.1'));
  try {
    await Promise.all(
      connections.slice(0, MASTERS).map(async (redis, index) => {
        await redis.cluster('ADDSLOTSRANGE', firstSlot(index), firstSlot(index + 1) - 1);
        // Else two that meet would quarrel about which epoch is newer.
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      }),
    );
    const [first, ...others] = connections;
    for (const { port } of [...masters, ...replicas].slice(1)) {
      await first?.cluster('MEET', '127.0.0.1', port);
    }
    await until('all to know each other', async () => {
      const known = await Promise.all(connections.map((redis) => redis.cluster('INFO')));
      return known.every((info) => info.includes(`cluster_known_nodes:${connections.length}`));
    });
    const ids = await Promise.all(connections.map((redis) => redis.call('CLUSTER', 'MYID')));
    for (const [index] of replicas.entries()) {
      await others[MASTERS - 1 + index]?.call('CLUSTER', 'REPLICATE', String(ids[index]));
    }
    await until('all slots to be served by all', async () => {
      const infos = await Promise.all(connections.map((redis) => redis.cluster('INFO')));
      const links = await Promise.all(
        connections.slice(MASTERS).map((redis) => redis.info('replication')),
      );
      return (
        infos.every((info) => info.includes('cluster_state:ok')) &&
        links.every((info) => info.includes('master_link_status:up'))
      );
    });
    if (replicas.length > 0) return;
    // Nobody takes a master's place: one that a busy machine holds up is not given up.
    await Promise.all(
      connections.map((redis) => redis.config('SET', 'cluster-node-timeout', PATIENT_TIMEOUT_MS)),
    );
  } finally {
    for (const redis of connections) redis.disconnect();
  }
}

function firstSlot(master: number): number {
  return Math.floor((SLOTS * master) / MASTERS);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + FORM_TIMEOUT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`the cluster waits in vain for ${what}`);
    await sleep(50);
  }
}
