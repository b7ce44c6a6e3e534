import { startFakeVendor } from '../support/fake-vendor.ts';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';
import { heldBytes } from './held-bytes.ts';
import { readOperations } from './operations.ts';
import type { EndpointGroup } from './operations.ts';
import { makeKnownThings } from './known-things.ts';
import type { KnownThings } from './known-things.ts';

/** Real services with a little of everything in them. */
export interface FuzzScene extends AsyncDisposable {
  broker: Broker;
  groups: readonly EndpointGroup[];
  /** What leads deeper: ids of things that are there, models that are routed. */
  known: KnownThings;
  /** What the API's process holds once its garbage is collected. */
  heldBytes(): Promise<number>;
}

/** Also where a call is accepted it shall end soon. */
const WAIT_TIMEOUT = '2s';

export async function startFuzzScene(): Promise<FuzzScene> {
  const vendor = await startFakeVendor();
  vendor.onCall(/^\/hanging\//, { answer: 'never' });
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['batch-runner', 'webhook-deliverer'],
    configuration: `
providers:
  main: { kind: openai-compatible, baseUrl: "${vendor.url}/main/v1", apiKey: "fuzz-vendor-key" }
  spare: { kind: openai-compatible, baseUrl: "${vendor.url}/spare/v1", apiKey: "fuzz-vendor-key" }
  hanging: { kind: openai-compatible, baseUrl: "${vendor.url}/hanging/v1", apiKey: "fuzz-vendor-key", concurrency: 2 }
routes:
  chat:
    targets: [ { provider: main, model: model-a } ]
  hanging:
    targets: [ { provider: hanging, model: model-a } ]
defaults: { waitTimeout: ${WAIT_TIMEOUT} }
outbound: { allow: [127.0.0.1] }
`,
    // Any free port, told on stderr.
    apiEnvironment: { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
  });
  const api = broker.services.get('api');
  const document: unknown = await (await broker.request('/openapi.json')).json();
  return {
    broker,
    groups: readOperations(document),
    known: await makeKnownThings(broker),
    heldBytes: () => heldBytes(api?.output ?? []),
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await vendor.close();
    },
  };
}
