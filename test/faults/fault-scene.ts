import type { Reply } from '../support/fake-vendor-reply.ts';
import type { FakeVendor } from '../support/fake-vendor.ts';
import { testRedisUrl } from '../support/redis.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { startLedgerVendor, type VendorCall } from './ledger-vendor.ts';
import { createPersistentClient, type PersistentClient } from './persistent-client.ts';
import { createReplicas, type Replicas } from './replicas.ts';

/** One worker service serves every provider of these scenes. */
export const WORKER = 'worker-openai-compatible';

export interface FaultSceneOptions {
  /** The Redis of the test run unless told. */
  redisUrl?: string;
  replyTo?: (call: VendorCall) => Reply;
  /** Providers, each at a path of the fake vendor, with their further settings in YAML. */
  providers?: Readonly<Record<string, string>>;
  /** Routes and everything else of the configuration. One to the provider `only` unless told. */
  configuration?: string;
  /** One that keeps everything unless told. */
  ledger?: Ledger;
  /** Services beside API, scheduler and workers. */
  services?: readonly string[];
  /** Beside what every service gets; not of the replicas that a test starts. */
  environment?: Readonly<Record<string, string>>;
}

/** A whole broker, a vendor that writes the ledger, and a caller who does not give up. */
export interface FaultScene extends AsyncDisposable {
  ledger: Ledger;
  vendor: FakeVendor;
  broker: Broker;
  replicas: Replicas;
  client: PersistentClient;
}

const ONE_ROUTE = 'routes: { chat: { targets: [ { provider: only, model: m } ] } }';

export async function openFaultScene(options: FaultSceneOptions = {}): Promise<FaultScene> {
  const { redisUrl = testRedisUrl(), configuration = ONE_ROUTE } = options;
  const { ledger = createLedger() } = options;
  const vendor = await startLedgerVendor(ledger, options.replyTo);
  const providers = Object.entries(options.providers ?? { only: '' }).map(
    ([name, settings]) =>
      `  ${name}: { kind: openai-compatible, baseUrl: "${vendor.url}/${name}/v1", ${settings} }`,
  );
  const broker = await startBroker({
    redisUrl,
    kinds: ['openai-compatible'],
    ...(options.services === undefined ? {} : { services: options.services }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    configuration: ['providers:', ...providers, configuration].join('\n'),
  });
  const replicas = createReplicas(broker, redisUrl);
  return {
    ledger,
    vendor,
    broker,
    replicas,
    client: createPersistentClient(() => broker.url, broker.apiKey, ledger),
    [Symbol.asyncDispose]: async () => {
      await replicas[Symbol.asyncDispose]();
      await broker.stop();
      await vendor.close();
    },
  };
}
