import type { Endpoint } from '@understudy/contracts';
import type { InputFormat } from '../batch/input-format.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/** What a command line says of a prompt beside its text and its model. */
export interface PromptOptions {
  system?: string | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
}

/** What a command line says of a whole file of prompts. */
export interface FileOptions extends PromptOptions {
  /** Absent where it is the default. */
  endpoint?: Endpoint | undefined;
  template?: string | undefined;
}

/**
 * Refuses options that would be dropped without a word.
 * @param body the file of a whole request, where one is given
 * @throws CommandError
 */
export function checkPromptOptions(
  options: PromptOptions,
  endpoint: Endpoint,
  body?: string,
): void {
  const given = namesOf(options);
  if (given === '') return;
  if (body !== undefined) {
    throw new CommandError(`${given}: say it in the request of --body instead`, EXIT.usage);
  }
  if (endpoint === '/v1/embeddings') {
    throw new CommandError(`${given}: an embedding has no such thing`, EXIT.usage);
  }
}

/** Where each line of a vendor's format says what the options would. */
const VENDOR_LINES: Partial<Record<InputFormat, { request: string; endpoint: string }>> = {
  openai: { request: 'in the "body" of each line', endpoint: 'the "url" of each line says it' },
  anthropic: {
    request: 'in the "params" of each line',
    endpoint: 'lines of an Anthropic batch go to messages',
  },
};

/**
 * Refuses options that lines of this format would not heed.
 * @throws CommandError
 */
export function checkFileOptions(options: FileOptions, format: InputFormat): void {
  if (options.template !== undefined && format !== 'csv' && format !== 'tsv') {
    throw new CommandError(
      `--template: only rows of a CSV or TSV become prompts by one, and these lines are ${format}; leave it out, or say --format csv or tsv`,
      EXIT.usage,
    );
  }
  const vendor = VENDOR_LINES[format];
  if (vendor === undefined) return;
  const given = namesOf(options);
  if (given !== '') {
    throw new CommandError(
      `${given}: these lines are ${format}, and sent as they are; say it ${vendor.request} instead`,
      EXIT.usage,
    );
  }
  if (options.endpoint !== undefined) {
    throw new CommandError(
      `--endpoint: these lines are ${format}, and ${vendor.endpoint}; leave it out`,
      EXIT.usage,
    );
  }
}

function namesOf({ system, maxTokens, temperature }: PromptOptions): string {
  return Object.entries({
    '-s': system,
    '--max-tokens': maxTokens,
    '--temperature': temperature,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
    .join(', ');
}
