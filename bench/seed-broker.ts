import { openLiveSettings } from '../packages/configuration/src/index.ts';
import { openDispatch, submitJob, type OpenDispatch } from '../packages/dispatch/src/index.ts';
import { createLogger, inParallel } from '../packages/runtime/src/index.ts';
import { createJobId, newJobRequest } from '../packages/submission/src/index.ts';
import { completionRequest, type SeedOptions } from './contender.ts';

interface SeededBroker {
  redisUrl: string;
  keyPrefix: string;
  configurationPath: string;
}

const AT_ONCE = 200;
const PROJECT = 'default';
const EXPIRES_IN_MS = 86_400_000;
const PRIORITY = { normal: 5, low: 8 };

/** Jobs as `POST /v1/jobs` makes them: planned, committed and placed by the broker's own functions. */
export async function seedBroker(
  broker: SeededBroker,
  jobs: number,
  { requestBytes = 1000, priority = 'normal', model }: SeedOptions = {},
): Promise<void> {
  const body = completionRequest(requestBytes, model);
  const seeded = { body, bytes: Buffer.from(JSON.stringify(body)), priority: PRIORITY[priority] };
  const { redisUrl, keyPrefix, configurationPath: path } = broker;
  const logger = createLogger('bench', 'warn');
  const live = openLiveSettings({ environment: {}, path, credentials: 'ignore' }, logger);
  const settings = live.current;
  const dispatch = openDispatch({ redisUrl, keyPrefix, patience: 'patient', settings, logger });
  try {
    await dispatch.firstLoad();
    const numbers = Array.from({ length: jobs }, (_, number) => number);
    await inParallel(numbers, AT_ONCE, () => seedJob(dispatch, seeded));
  } finally {
    await dispatch.close();
    live.close();
  }
}

async function seedJob(
  dispatch: OpenDispatch,
  { body, bytes, priority }: { body: { model: string }; bytes: Buffer; priority: number },
): Promise<void> {
  const now = dispatch.clock.now();
  const asked = newJobRequest(
    { endpoint: '/v1/chat/completions', body, priority },
    {
      id: createJobId(now),
      project: PROJECT,
      trace: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' },
      fingerprint: undefined,
      callback: undefined,
      now,
      expiresInMs: EXPIRES_IN_MS,
    },
  );
  const submitted = await submitJob(dispatch, { ...asked, bytes: bytes.length }, bytes);
  if (submitted.kind !== 'accepted') throw new Error(`a seeded job was not new: ${submitted.kind}`);
}
