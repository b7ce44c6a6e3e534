import { once } from 'node:events';
import { z } from 'zod';

const usageSchema = z.object({
  id: z.literal(2),
  result: z.object({ usedSize: z.number(), backingStorageSize: z.number().default(0) }),
});

/**
 * What a Node process that was started with `--inspect` holds, garbage left aside: its heap, and
 * the buffers beside it.
 * @param output of the process, where Node tells the inspector's address
 */
export async function heldBytes(output: readonly string[]): Promise<number> {
  const [, address] = /Debugger listening on (ws:\S+)/.exec(output.join('\n')) ?? [];
  if (address === undefined) throw new Error('the process was not started with --inspect');
  const socket = new WebSocket(address);
  await once(socket, 'open');
  try {
    const answered = Promise.withResolvers<number>();
    socket.addEventListener('message', ({ data }) => {
      const usage = usageSchema.safeParse(JSON.parse(String(data)));
      if (usage.success) {
        const { usedSize, backingStorageSize } = usage.data.result;
        answered.resolve(usedSize + backingStorageSize);
      }
    });
    // The inspector answers in order, so the second is asked of a heap without garbage.
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    socket.send(JSON.stringify({ id: 2, method: 'Runtime.getHeapUsage' }));
    return await answered.promise;
  } finally {
    socket.close();
  }
}
