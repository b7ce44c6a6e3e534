import { z } from 'zod';

const chatSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
});
const messageSchema = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
});
const responseSchema = z.object({
  output: z.array(
    z.looseObject({
      type: z.string(),
      content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).optional(),
    }),
  ),
});
const embeddingSchema = z.object({
  data: z.array(z.object({ embedding: z.union([z.array(z.number()), z.string()]) })).min(1),
});

/**
 * What a model said, out of an answer in any of the callers' dialects: its text, or its vector.
 * @returns undefined for an answer without either, such as one that only calls tools
 */
export function answerText(body: unknown): string | number[] | undefined {
  const chat = chatSchema.safeParse(body);
  if (chat.success) return chat.data.choices[0]?.message.content ?? undefined;
  const message = messageSchema.safeParse(body);
  if (message.success) return joinTexts(message.data.content, 'text');
  const response = responseSchema.safeParse(body);
  if (response.success) {
    const parts = response.data.output.flatMap(({ content }) => content ?? []);
    return joinTexts(parts, 'output_text');
  }
  return embeddingSchema.safeParse(body).data?.data[0]?.embedding;
}

function joinTexts(
  parts: readonly { type: string; text?: string | undefined }[],
  type: string,
): string | undefined {
  const texts = parts.flatMap((part) => (part.type === type ? [part.text ?? ''] : []));
  return texts.length === 0 ? undefined : texts.join('');
}
