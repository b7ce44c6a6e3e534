import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

const OLD = "ERR Unknown subcommand or wrong number of arguments for 'GET'. Try CONFIG HELP.";

/**
 * Speaks as a Redis before 7.0 does of what its readiness and its durability are asked by.
 * @returns its URL, until the test has ended
 */
export async function listenAsOldRedis(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // Each command begins with the count of its words and, behind its length, its name.
      const names = [...data.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)\r$/gm)];
      for (const [, name = ''] of names) socket.write(answerTo(name.toLowerCase()));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function answerTo(command: string): string {
  if (command === 'config') return `-${OLD}\r\n`;
  return command === 'ping' ? '+PONG\r\n' : '+OK\r\n';
}
