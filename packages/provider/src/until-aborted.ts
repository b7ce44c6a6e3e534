import { addAbortListener } from 'node:events';

/**
 * The result of work that several calls share and that takes no signal, unless the signal comes
 * first; the work itself goes on then, for the others and for the next.
 * @throws DOMException named AbortError
 */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const listener = addAbortListener(signal, () => {
    aborted.reject(new DOMException('The call has ended.', 'AbortError'));
  });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    listener[Symbol.dispose]();
  }
}
