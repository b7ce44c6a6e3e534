import type { OpenDispatch } from '@understudy/dispatch';
import { oldestEntries, oldestEntryAt } from '@understudy/queue';
import { readRedisMemory, memoryShare } from '@understudy/runtime';
import { routeStates } from './closed-routes.ts';
import type { Metrics } from './metrics.ts';
import { createModelLabels } from './model-labels.ts';
import type { ModelLabel } from './model-labels.ts';
import { PRIORITY_CLASSES, priorityClass } from './priority-class.ts';
import { within } from './within.ts';

/** Two who scrape at a time, or one in haste, cost Redis no more than one. */
const BELIEVED_MS = 1000;
/** Prometheus gives up after ten seconds, unless told. */
const PATIENCE_MS = 3000;

type System = Pick<
  OpenDispatch,
  | 'availability'
  | 'clock'
  | 'isLoaded'
  | 'keyPrefix'
  | 'queue'
  | 'redis'
  | 'registry'
  | 'rooms'
  | 'views'
>;

type OccupiedRoom = Awaited<ReturnType<OpenDispatch['rooms']['occupied']>>[number];

/**
 * Fills the gauges of the whole system whenever somebody asks: queues, rooms, cool-downs, routes and
 * the memory of Redis. A few small reads for each provider, however many jobs wait, and nothing
 * while nobody asks.
 */
export function watchSystem(metrics: Metrics, system: System): void {
  const { clock, isLoaded, registry, views } = system;
  const modelLabel = createModelLabels(registry.registration, () => views().settings);
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;
  /** As last read. */
  let occupied: readonly OccupiedRoom[] = [];
  const read = async (): Promise<void> => {
    try {
      const [rooms] = await Promise.all([
        readQueues(metrics, system, modelLabel),
        readMemory(metrics, system),
      ]);
      occupied = rooms;
      readAt = clock.monotonic();
    } finally {
      if (isLoaded()) readViews(metrics, system, occupied);
    }
  };
  metrics.onScrape(async () => {
    if (clock.monotonic() - readAt < BELIEVED_MS) return;
    reading ??= read().finally(() => (reading = undefined));
    await within(PATIENCE_MS, reading);
  });
}

async function readMemory(metrics: Metrics, { redis, views }: System): Promise<void> {
  const { memoryBudgetBytes, highestMemoryShare } = views().settings.redis;
  const memory = await readRedisMemory(redis, memoryBudgetBytes);
  metrics.redisUsedBytes.set(memory.usedBytes);
  metrics.redisMemoryShare.set(memoryShare(memory));
  metrics.redisAdmissionShare.set(highestMemoryShare);
}

/** Returns the rooms that jobs stand in. */
async function readQueues(
  metrics: Metrics,
  { queue, rooms, redis, keyPrefix, clock, views }: System,
  modelLabel: ModelLabel,
): Promise<OccupiedRoom[]> {
  const providers = Object.keys(views().settings.providers);
  const readings = await Promise.all(
    providers.map(async (provider) => {
      const [counts, oldest, occupied] = await Promise.all([
        queue.counts(provider),
        oldestEntries(redis, keyPrefix, provider),
        rooms.occupied(provider),
      ]);
      return { provider, counts, oldest, occupied };
    }),
  );
  for (const { provider, counts, oldest } of readings) {
    metrics.queueJobs.set({ provider, state: 'waiting' }, counts.waiting);
    metrics.queueJobs.set({ provider, state: 'active' }, counts.active);
    metrics.queueJobs.set({ provider, state: 'resting' }, counts.resting);
    for (const priority of PRIORITY_CLASSES) {
      const at = oldestEntryAt(oldest.filter((one) => priorityClass(one.priority) === priority));
      const age = at === undefined ? 0 : Math.max(0, clock.now() - at);
      metrics.oldestQueuedAge.set({ provider, priority }, age / 1000);
    }
  }
  const occupied = readings.flatMap((reading) => reading.occupied);
  tellRooms(metrics, occupied, modelLabel, clock.now());
  return occupied;
}

function tellRooms(
  metrics: Metrics,
  rooms: readonly OccupiedRoom[],
  modelLabel: ModelLabel,
  now: number,
): void {
  // A room that is empty now is not told of any more.
  metrics.roomJobs.reset();
  metrics.oldestRoomAge.reset();
  const first = rooms.flatMap((room) => {
    const labels = { provider: room.provider, model: modelLabel(room.provider, room.model) };
    metrics.roomJobs.inc(labels, room.count);
    return room.first.map(({ priority, at }) => ({ ...labels, priority, at }));
  });
  // Several may have one label: the oldest comes last, and stays.
  for (const { at, priority, ...labels } of first.toSorted((a, b) => b.at - a.at)) {
    const age = Math.max(0, now - at) / 1000;
    metrics.oldestRoomAge.set({ ...labels, priority: priorityClass(priority) }, age);
  }
}

/** What this process knows without asking Redis, but for the rooms that jobs stand in. */
function readViews(
  metrics: Metrics,
  { availability, clock, views }: System,
  occupied: readonly OccupiedRoom[],
): void {
  const routing = views();
  const cooling = availability.cooldowns().filter((cooldown) => cooldown.cooling);
  let anyShut = cooling.length > 0;
  for (const provider of Object.keys(routing.settings.providers)) {
    const own = cooling.filter((cooldown) => cooldown.provider === provider);
    const isAlive = routing.isAlive(provider);
    metrics.providerAlive.set({ provider }, isAlive ? 1 : 0);
    for (const scope of ['model', 'provider'] as const) {
      const count = own.filter((cooldown) => cooldown.scope === scope).length;
      metrics.cooldowns.set({ provider, scope }, count);
    }
    const isRefused = own.some(({ alert }) => alert === true);
    metrics.accountTrouble.set({ provider }, isRefused ? 1 : 0);
    const isPaused = availability.pause(provider)?.paused === true;
    metrics.providerPaused.set({ provider }, isPaused ? 1 : 0);
    anyShut ||= isPaused || !isAlive;
  }
  const { open, closed } = routeStates(routing, clock.now(), anyShut, (provider, model) =>
    occupied.some((room) => room.provider === provider && room.model === model),
  );
  metrics.routeClosed.reset();
  for (const route of open) metrics.routeClosed.set({ route }, 0);
  for (const route of closed) metrics.routeClosed.set({ route }, 1);
}
