import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { UntranslatableError } from './loss.ts';

/**
 * Keeps files by their URL from hosts that fetch none: they would refuse the whole request.
 * @throws UntranslatableError
 */
export function refuseFilesByUrl(prompt: LanguageModelV4Prompt): void {
  if (prompt.flatMap(filesIn).some(({ data }) => data.type === 'url')) {
    throw new UntranslatableError(
      'prompt',
      'a file stands there by its URL, and this host fetches none; send it inline',
    );
  }
}

interface FileLike {
  data: { type: string };
}

function filesIn(message: LanguageModelV4Message): FileLike[] {
  if (message.role === 'system') return [];
  return message.content.flatMap((part): FileLike[] => {
    if (part.type === 'file') return [part];
    if (part.type !== 'tool-result' || part.output.type !== 'content') return [];
    return part.output.value.filter((inner) => inner.type === 'file');
  });
}
