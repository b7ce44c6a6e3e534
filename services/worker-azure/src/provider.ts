import { dialectsForTask, modelFacts, openAiDialectsOf } from '@understudy/models';
import {
  defineProviderKind,
  type Dialect,
  dialectUrl,
  messagesSurface,
  openAiDialects,
} from '@understudy/provider';
import { azureBaseUrls } from './azure-base-urls.ts';
import { azureCredentials } from './azure-credentials.ts';
import { claudeNames, modelNames } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const OPENAI_DIALECTS: readonly Dialect[] = ['chat-completions', 'responses', 'embeddings'];
/** What other makers' models in Foundry are sure to speak below the OpenAI v1 API. */
const OPEN_MODEL_DIALECTS: readonly Dialect[] = ['chat-completions', 'embeddings'];
/** OpenAI's models with open weights, which are served as other makers' models are. */
const OPEN_WEIGHTS: ReadonlySet<string> = new Set(['gpt-oss-120b', 'gpt-oss-20b']);

/**
 * Azure OpenAI and Foundry: OpenAI's v1 API, and Anthropic's for Claude. What is sent as the model
 * is the name of a deployment, which is the model's own name unless the operator maps it.
 */
export const azure = defineProviderKind({
  name: 'azure',

  connect(settings) {
    const { openAi, anthropic } = azureBaseUrls(settings);
    const { surfaces, baseUrl } = openAiDialects(settings, openAi, OPENAI_DIALECTS);
    const claudeDialects: readonly Dialect[] = anthropic === undefined ? [] : ['messages'];
    const messagesUrl =
      anthropic && dialectUrl({ ...settings, baseUrl: anthropic }, 'messages', anthropic);
    return {
      vendor: 'azure',
      dialects: [...OPENAI_DIALECTS, ...claudeDialects],
      reasonsBesideFunctionsIn: 'responses',
      dialectsOf: ({ canonical }) => dialectsOf(canonical, claudeDialects),
      names: { models: messagesUrl === undefined ? modelNames : { ...modelNames, ...claudeNames } },
      rules: verdictRules,
      baseUrl,
      surfaces(dialect, model, needs) {
        if (dialect !== 'messages' || messagesUrl === undefined) return surfaces(dialect, model);
        return [messagesSurface(messagesUrl, model, needs)];
      },
      credentials: azureCredentials(settings),
    };
  },
});

// A deployment of a model that nobody knows is one of the OpenAI v1 API.
function dialectsOf(
  canonical: string | undefined,
  claudeDialects: readonly Dialect[],
): readonly Dialect[] {
  const facts = canonical === undefined ? undefined : modelFacts(canonical);
  if (canonical === undefined || facts === undefined) return OPENAI_DIALECTS;
  if (facts.vendor === 'anthropic') return claudeDialects;
  const found =
    facts.vendor === 'openai' && !OPEN_WEIGHTS.has(canonical)
      ? openAiDialectsOf(canonical, OPENAI_DIALECTS)
      : dialectsForTask(canonical, OPEN_MODEL_DIALECTS);
  return found ?? OPENAI_DIALECTS;
}
