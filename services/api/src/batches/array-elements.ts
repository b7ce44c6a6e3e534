import { BrokerError } from '@understudy/contracts';
import { createElementScanner } from './element-scanner.ts';

/**
 * The elements of one top-level array of a JSON document that is read as a stream: each as the bytes
 * it was written in, one at a time. Only objects are elements; other members are passed over.
 * @param member name of the array
 * @param mostBytes of one element, the most that is ever held
 * @throws BrokerError naming the place, never the content
 */
export async function* arrayElements(
  source: AsyncIterable<Uint8Array>,
  member: string,
  mostBytes: number,
): AsyncGenerator<Buffer> {
  const scanner = createElementScanner(member, mostBytes);
  for await (const chunk of source) yield* scanner.push(chunk);
  if (!scanner.isComplete()) {
    throw new BrokerError('invalid_json', 'the body is not JSON: it ends too early');
  }
  if (!scanner.isFound()) {
    throw new BrokerError('invalid_request', `${member}: is missing`, { param: member });
  }
}
