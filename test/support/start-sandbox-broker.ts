import { setTimeout as sleep } from 'node:timers/promises';
import { startService, type ServiceProcess } from './service-process.ts';
import { startBroker, type Broker } from './start-broker.ts';

const SANDBOX_START_MS = 15_000;

/** Those of the sandbox's own configuration. */
const KINDS = ['openai-compatible', 'anthropic', 'vertex', 'databricks'];

/**
 * A broker as `npm start` runs it without a key, over the tests' Redis: all services, and the sandbox's
 * vendors behind its `sandbox-*` models. Events may go to this machine.
 */
export async function startSandboxBroker(): Promise<Broker> {
  const sandbox = await startService('sandbox', {});
  try {
    const response = await fetch(`${await sandboxUrl(sandbox)}/sandbox/configuration`);
    const broker = await startBroker({
      configuration: `${await response.text()}\noutbound: { allow: [127.0.0.0/8] }\n`,
      kinds: KINDS,
      services: ['batch-runner', 'webhook-deliverer'],
    });
    const stop = async (): Promise<void> => {
      await broker.stop();
      await sandbox.stop();
    };
    return { ...broker, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** What it says that it listens at. */
async function sandboxUrl(sandbox: ServiceProcess): Promise<string> {
  const deadline = performance.now() + SANDBOX_START_MS;
  for (;;) {
    const url = /"url":"([^"]+)"/.exec(sandbox.output.join('\n'))?.[1];
    if (url !== undefined) return url;
    if (performance.now() > deadline) {
      throw new Error(`the sandbox did not start: ${sandbox.output.join('\n')}`);
    }
    await sleep(20);
  }
}
