import OpenAI from 'openai';
import { answeredWith } from '../../../testing/answering-server.ts';

/** Has the official client receive an answer over HTTP, and hands out what it makes of it. */
export async function receivedByOpenAi<Received>(
  answer: object,
  call: (client: OpenAI) => Promise<Received>,
): Promise<Received> {
  return await answeredWith(answer, (origin) =>
    call(new OpenAI({ apiKey: 'not-a-key', baseURL: `${origin}/v1`, maxRetries: 0 })),
  );
}
