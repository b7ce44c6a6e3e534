import type { Endpoint } from '@understudy/contracts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/** What a command line says of a prompt beside its text and its model. */
export interface PromptOptions {
  system?: string | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
}

/**
 * Refuses options that would be dropped without a word.
 * @param body the file of a whole request, where one is given
 * @throws CommandError
 */
export function checkPromptOptions(
  { system, maxTokens, temperature }: PromptOptions,
  endpoint: Endpoint,
  body?: string,
): void {
  const given = Object.entries({
    '-s': system,
    '--max-tokens': maxTokens,
    '--temperature': temperature,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
    .join(', ');
  if (given === '') return;
  if (body !== undefined) {
    throw new CommandError(`${given}: say it in the request of --body instead`, EXIT.usage);
  }
  if (endpoint === '/v1/embeddings') {
    throw new CommandError(`${given}: an embedding has no such thing`, EXIT.usage);
  }
}
