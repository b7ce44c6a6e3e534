import type { LLMock } from '@copilotkit/aimock';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { startPretendedModel } from './pretended-model.ts';
import { configuredProviders, imagesFrom, type Provider, PROVIDERS } from './targets.ts';
import { startVendorFront, type VendorFront } from './vendor-front.ts';

/** A whole broker with the workers its providers need, and all vendors behind one address. */
export interface ConformanceScene extends AsyncDisposable {
  broker: Broker;
  vendors: VendorFront;
  aimock: LLMock;
}

/**
 * @param providers name → what it is configured as
 * @param routes the part of the understudy.yaml that names them
 * @param outbound the part that says what images are fetched, given the vendors' address
 */
export async function startConformance(
  providers: Readonly<Record<string, Provider>>,
  routes: string,
  outbound: (vendorsUrl: string) => string = imagesFrom,
): Promise<ConformanceScene> {
  await using started = new AsyncDisposableStack();
  const aimock = started.adopt(await startPretendedModel(), (one) => one.stop());
  const vendors = started.use(await startVendorFront(aimock.url));
  const broker = started.use(
    await startBroker({
      configuration: [
        configuredProviders(vendors.url, providers),
        outbound(vendors.url),
        routes,
      ].join(''),
      kinds: [...new Set(Object.values(providers).map((like) => PROVIDERS[like].kind))],
      environment: {
        AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
        AWS_SECRET_ACCESS_KEY: 'aws-test-secret',
      },
    }),
  );
  const kept = started.move();
  return { broker, vendors, aimock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
