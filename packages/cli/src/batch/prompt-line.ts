import type { Endpoint } from '@understudy/contracts';
import { z } from 'zod';
import { promptRequest } from '../prompt-request.ts';
import type { Entry, EntryDefaults } from './entry.ts';
import { LineError } from './line-error.ts';
import { readAs } from './vendor-line.ts';

/** A number that is written otherwise than JavaScript writes it, such as 1.0, counts as the number. */
function plain<Value>(schema: z.ZodType<Value>) {
  return z.preprocess(
    (value) => (JSON.isRawJSON(value) ? Number(JSON.stringify(value)) : value),
    schema,
  );
}

/** Strict: a member that nobody reads is most often one that was misspelt. */
const promptLineSchema = z.strictObject({
  prompt: z.string().min(1),
  model: z.string().min(1).optional(),
  system: z.string().optional(),
  max_tokens: plain(z.int().positive()).optional(),
  temperature: plain(z.number()).optional(),
  custom_id: z.string().min(1).optional(),
  id: plain(z.union([z.string().min(1), z.int()])).optional(),
  /** Comes back beside the answer; never sent. */
  metadata: z.record(z.string(), z.unknown()).optional(),
});
type PromptLine = z.infer<typeof promptLineSchema>;

/** A JSON line with a `prompt`. @throws LineError */
export function readPromptLine(line: number, text: string, defaults: EntryDefaults): Entry {
  return promptEntry(line, readAs(promptLineSchema, line, text), defaults);
}

/** A line that is a prompt. */
export function readTextLine(line: number, text: string, defaults: EntryDefaults): Entry {
  return promptEntry(line, { prompt: text }, defaults);
}

/**
 * @throws LineError when neither the line nor the command line names a model, or the line says what
 *   its endpoint does not know
 */
export function promptEntry(line: number, given: PromptLine, defaults: EntryDefaults): Entry {
  const model = given.model ?? defaults.model;
  if (model === undefined) throw new LineError(line, 'names no model; give one with -m');
  checkKnown(line, given, defaults.endpoint);
  const system = given.system ?? defaults.system;
  const maxTokens = given.max_tokens ?? defaults.maxTokens;
  const temperature = given.temperature ?? defaults.temperature;
  const body = promptRequest(defaults.endpoint, {
    model,
    text: given.prompt,
    ...(system === undefined ? {} : { system }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  });
  return {
    line,
    customId: given.custom_id ?? (given.id === undefined ? `line-${line}` : String(given.id)),
    endpoint: defaults.endpoint,
    body: JSON.stringify(body),
    prompt: given.prompt,
    ...(given.metadata === undefined ? {} : { metadata: given.metadata }),
  };
}

/** @throws LineError for a member that would be dropped without a word */
function checkKnown(line: number, given: PromptLine, endpoint: Endpoint): void {
  if (endpoint !== '/v1/embeddings') return;
  const unknown = (['system', 'max_tokens', 'temperature'] as const).find(
    (member) => given[member] !== undefined,
  );
  if (unknown === undefined) return;
  throw new LineError(line, `gives ${unknown}, and an embedding has no such thing; leave it out`);
}
