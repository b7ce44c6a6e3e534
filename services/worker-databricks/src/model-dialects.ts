import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel } from '@understudy/provider';

/** Preferred one first, for endpoints of which nothing is known. */
export const DIALECTS: readonly Dialect[] = [
  'messages',
  'responses',
  'chat-completions',
  'generate-content',
  'embeddings',
];

/** OpenAI's own API does not serve these: they are open models like any other here. */
const OPEN_MODELS_OF_OPENAI: ReadonlySet<string> = new Set(['gpt-oss-120b', 'gpt-oss-20b']);

/** The vendor's own dialect, in which nothing is lost, before the one that reaches every model. */
const DIALECTS_BY_VENDOR: Readonly<Record<string, readonly Dialect[]>> = {
  anthropic: ['messages', 'chat-completions'],
  openai: ['responses', 'chat-completions'],
  gemini: ['generate-content', 'chat-completions'],
};

/** Undefined for an endpoint that only the operator knows, which may speak any dialect. */
export function dialectsOf({ canonical }: NamedModel): readonly Dialect[] | undefined {
  const facts = canonical === undefined ? undefined : modelFacts(canonical);
  if (canonical === undefined || facts === undefined) return undefined;
  if (facts.task === 'embedding') return ['embeddings'];
  if (OPEN_MODELS_OF_OPENAI.has(canonical)) return ['chat-completions'];
  if (facts.responsesOnly) return ['responses'];
  return DIALECTS_BY_VENDOR[facts.vendor] ?? ['chat-completions'];
}
