import { endpointSchema, parseExactJson } from '@understudy/contracts';
import { z } from 'zod';
import type { Entry, EntryDefaults } from './entry.ts';
import { LineError } from './line-error.ts';

const objectSchema = z.record(z.string(), z.unknown());
const customIdSchema = z.string().min(1);

const openAiSchema = z.looseObject({
  custom_id: customIdSchema,
  url: z.string(),
  method: z.literal('POST').optional(),
  body: objectSchema,
});
const anthropicSchema = z.looseObject({ custom_id: customIdSchema, params: objectSchema });

/** A line of OpenAI's batch files. @throws LineError */
export function readOpenAiLine(line: number, text: string, defaults: EntryDefaults): Entry {
  const { custom_id: customId, url, body } = readAs(openAiSchema, line, text);
  const endpoint = endpointSchema.safeParse(url.replace(/^\/openai(?=\/v1\/)/, ''));
  if (!endpoint.success) {
    throw new LineError(
      line,
      `url is ${JSON.stringify(url)}; give one of ${endpointSchema.options.join(', ')}`,
    );
  }
  return { line, customId, endpoint: endpoint.data, body: sentBody(body, defaults) };
}

/** A request of Anthropic's message batches. @throws LineError */
export function readAnthropicLine(line: number, text: string, defaults: EntryDefaults): Entry {
  const { custom_id: customId, params } = readAs(anthropicSchema, line, text);
  return { line, customId, endpoint: '/v1/messages', body: sentBody(params, defaults) };
}

/** The vendor's request as it is, but for a model where it names none: that is one member everywhere. */
function sentBody(body: Record<string, unknown>, { model }: EntryDefaults): string {
  return JSON.stringify(model === undefined || 'model' in body ? body : { ...body, model });
}

/** @throws LineError naming the member that is wrong, and never its value */
export function readAs<T>(schema: z.ZodType<T>, line: number, text: string): T {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    throw new LineError(line, 'is not whole JSON; write one object on each line');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new LineError(line, `${path === '' ? '' : `${path}: `}${issue?.message ?? 'is not right'}`);
}
