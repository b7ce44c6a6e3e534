import { randomInt } from 'node:crypto';
import { createSandboxServer } from './sandbox-server.ts';

const LATENCY_MS = { from: 50, to: 250 };

const port = sandboxPort(process.env['SANDBOX_PORT']);
const app = createSandboxServer(() => randomInt(LATENCY_MS.from, LATENCY_MS.to + 1));
const url = await app.listen({ host: '127.0.0.1', port });
process.stdout.write(`${JSON.stringify({ sandbox: { url } })}\n`);

for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => void stop());

async function stop(): Promise<void> {
  await app.close();
  // An open IPC channel to the parent would keep the process alive.
  if (process.connected) process.disconnect();
}

/** @throws Error when the variable holds no port */
function sandboxPort(value: string | undefined): number {
  const number = Number(value ?? 0);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Error(
    `SANDBOX_PORT is "${value}"; give a port from 0 to 65535 (0 takes any free one).`,
  );
}
