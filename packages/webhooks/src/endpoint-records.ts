import { SCHEMA_VERSION } from '@understudy/contracts';
import { loadScript, repliesOf } from '@understudy/runtime';
import type { Clock, Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { createEndpointSeal } from './endpoint-seal.ts';
import { callbackEndpointId } from './endpoint.ts';
import type { Subscription, WebhookEndpoint } from './endpoint.ts';
import { endpointKeys, endpointsChannel, projectEndpointsKey } from './webhook-keys.ts';

const saveScript = loadScript(new URL('./scripts/save-endpoint.lua', import.meta.url));

/** Somebody else changed the endpoint between reading and writing so many times in a row. */
const MOST_RETRIES = 20;

export interface EndpointRecords {
  /** Of any project: the caller compares. */
  read(id: string): Promise<WebhookEndpoint | undefined>;
  /** The same with its version, which every change raises. */
  readVersion(id: string): Promise<{ endpoint: WebhookEndpoint; version: number } | undefined>;
  /** Those that a project registered, oldest first. */
  ofProject(project: string): Promise<WebhookEndpoint[]>;
  /** What those hear of that a project registered, also where their secrets do not open. */
  subscriptions(project: string): Promise<Subscription[]>;
  /** False when there is one of this id already, which stays as it is. */
  create(endpoint: WebhookEndpoint): Promise<boolean>;
  /**
   * Writes what `change` makes of the endpoint as it is now; `change` may be asked again when
   * somebody else wrote meanwhile. Undefined when it is not there or `change` gives undefined. One
   * that is enabled or moved by it begins anew: no breaker is open, nothing was asked for, and what
   * fails that was sent before says nothing of it.
   */
  change(
    id: string,
    change: (endpoint: WebhookEndpoint) => WebhookEndpoint | undefined,
    options?: { forgetInMs?: number },
  ): Promise<WebhookEndpoint | undefined>;
}

/** The endpoints themselves, in their own slots, and the list of each project. */
export function createEndpointRecords(
  redis: Redis,
  prefix: string,
  clock: Clock,
  sealer: Sealer,
): EndpointRecords {
  const seal = createEndpointSeal(sealer);
  const load = async (id: string) => {
    const { endpoint: place } = endpointKeys(prefix, id);
    const [json, version] = await redis.hmget(place, 'json', 'ver');
    if (typeof json !== 'string') return undefined;
    return { endpoint: seal.endpoint(json, place), version: version ?? '0' };
  };
  const save = async (
    endpoint: WebhookEndpoint,
    version: string,
    anew: boolean,
    forgetInMs = 0,
  ): Promise<boolean> => {
    const keys = endpointKeys(prefix, endpoint.id);
    const reply = await saveScript.run(
      redis,
      [keys.endpoint, keys.state],
      [version, seal.text(endpoint, keys.endpoint), endpoint.status, anew ? 1 : 0, forgetInMs],
    );
    if (Number(reply) !== 1) return false;
    await redis.publish(endpointsChannel(prefix), endpoint.project);
    return true;
  };

  /**
   * A removed endpoint is out of the list once somebody has read that it is removed, whoever left it
   * there: its removal, a repeat of its registration, a process that died, the release before this one.
   */
  const unlist = async (project: string, removed: readonly Subscription[]): Promise<void> => {
    if (removed.length === 0) return;
    const pipeline = redis.pipeline();
    for (const { id } of removed) pipeline.srem(projectEndpointsKey(prefix, project), id);
    await repliesOf(pipeline.exec());
  };

  const registered = async <Found extends Subscription>(
    project: string,
    open: (text: string, place: string) => Found,
  ): Promise<Found[]> => {
    const ids = await redis.smembers(projectEndpointsKey(prefix, project));
    const places = ids.map((id) => endpointKeys(prefix, id).endpoint);
    const pipeline = redis.pipeline();
    for (const place of places) pipeline.hget(place, 'json');
    const replies = await repliesOf(pipeline.exec());
    const found = places.flatMap((place, index) => {
      const json = replies[index];
      return typeof json === 'string' ? [open(json, place)] : [];
    });
    await unlist(project, found.filter(isRemoved));
    return found.filter((endpoint) => !isRemoved(endpoint));
  };

  return {
    read: async (id) => (await load(id))?.endpoint,
    readVersion: async (id) => {
      const found = await load(id);
      return found && { ...found, version: Number(found.version) };
    },
    ofProject: async (project) => {
      const found = await registered(project, seal.endpoint);
      return found.toSorted((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
    },
    subscriptions: (project) => registered(project, seal.subscription),
    create: async (endpoint) => {
      // Listed first: an id whose endpoint is not there harms nobody, the reverse loses one.
      await redis.sadd(projectEndpointsKey(prefix, endpoint.project), endpoint.id);
      return save(endpoint, '0', false);
    },
    change: async (id, change, options = {}) => {
      for (let tries = 0; tries < MOST_RETRIES; tries += 1) {
        const found = await load(id);
        if (found === undefined) return undefined;
        const changed = change(found.endpoint);
        if (changed === undefined) return undefined;
        const written = { ...changed, updated_at: clock.now() };
        const enabled = changed.status === 'enabled' && found.endpoint.status === 'disabled';
        const anew = enabled || changed.url !== found.endpoint.url;
        if (await save(written, found.version, anew, options.forgetInMs)) return written;
      }
      throw new Error(`endpoint ${id} changed ${MOST_RETRIES} times while it was to be changed`);
    },
  };
}

function isRemoved({ disabled_reason: reason }: Subscription): boolean {
  return reason === 'removed';
}

/** The endpoint that stands for the callbacks of a project's jobs to one URL. */
export function implicitEndpoint(project: string, url: string, now: number): WebhookEndpoint {
  return {
    v: SCHEMA_VERSION,
    id: callbackEndpointId(project, url),
    project,
    url,
    events: [],
    status: 'enabled',
    keys: [],
    created_at: now,
    updated_at: now,
  };
}
