import { openAi } from './callers.ts';
import type { ConformanceScene } from './conformance-scene.ts';
import { submitsAsJob } from './job-fetch.ts';
import { leavesOf } from './json.ts';
import type { EmbeddingTarget } from './targets.ts';

export const EMBEDDING_INPUTS = ['Sunny in Paris.', 'Rain in Oslo.'] as const;

/**
 * Has texts embedded through the openai SDK; for one purpose one call at a time.
 * @throws the SDK's error, with the job in its message, when the job was not completed
 */
export async function embed(
  { broker, vendors }: ConformanceScene,
  target: EmbeddingTarget,
  input: readonly string[],
  format: 'base64' | 'float',
  purpose: string,
) {
  const ticket = `embeddings:${target.name}:${purpose}`;
  const jobs = submitsAsJob(broker, '/v1/embeddings');
  const texts = input.map((text) => `${text} (ticket ${ticket})`);
  const { data } = await openAi(jobs.fetch).embeddings.create({
    model: target.name,
    input: texts.length === 1 ? String(texts[0]) : texts,
    // Unless numbers are asked for, the SDK asks for base64 and decodes it.
    ...(format === 'float' ? { encoding_format: format } : {}),
  });
  const call = vendors.callsOf(ticket).at(-1);
  const arrived = leavesOf(call?.body).filter((leaf) => texts.some((text) => text === leaf));
  return {
    job: jobs.last(),
    vectors: data.map(({ embedding }) => embedding),
    arrived: arrived.map((text) => String(text).replace(` (ticket ${ticket})`, '')),
  };
}
