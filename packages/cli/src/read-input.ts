import { addAbortSignal } from 'node:stream';
import type { Session } from './session.ts';

/** Standard input, piece by piece. @throws the reason of Ctrl-C, which need not wait for its end */
export async function* readInput({
  stdin,
  signal,
}: Pick<Session, 'stdin' | 'signal'>): AsyncGenerator<Buffer | string, void, undefined> {
  try {
    yield* addAbortSignal(signal, stdin);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
