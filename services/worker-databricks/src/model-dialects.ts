import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel, RefusedMember } from '@understudy/provider';

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

/** What the mlflow path answers with 400, though OpenAI's dialect has it. */
export const REFUSED: Readonly<Partial<Record<Dialect, readonly RefusedMember[]>>> = {
  'chat-completions': [
    { path: 'store', holds: false, message: 'is refused by Databricks, which stores nothing' },
    {
      path: 'tools[].function.strict',
      holds: false,
      message: 'is refused by Databricks: the schema is told to the model, and not enforced',
    },
    {
      path: 'response_format',
      holds: { type: 'text' },
      message: 'is refused by Databricks for this model',
      models: ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-fable-5-1'],
      by: 'messages',
    },
  ],
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
