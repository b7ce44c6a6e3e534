import { dialectsForTask } from '@understudy/models';
import {
  checkedBaseUrl,
  defineProviderKind,
  type Dialect,
  dialectBaseUrl,
  dialectUrl,
  pathSegment,
  requiredCredential,
  sameDialectEdits,
} from '@understudy/provider';
import { modelNames } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const ORIGIN = 'https://generativelanguage.googleapis.com';
const DIALECTS: readonly Dialect[] = ['generate-content', 'embeddings'];

/** The Gemini API: completions in Google's own dialect, embeddings by its path in OpenAI's. */
export const gemini = defineProviderKind({
  name: 'gemini',

  connect(settings) {
    const apiKey = requiredCredential(settings, 'apiKey');
    const origin = checkedBaseUrl(settings, 'baseUrl', settings.baseUrl ?? ORIGIN);
    const native = { ...settings, baseUrl: `${origin}/v1beta` };
    const compatible = { ...settings, baseUrl: `${origin}/v1beta/openai` };
    const models = `${dialectBaseUrl(native, 'generate-content', ORIGIN)}/models`;
    const embeddingsUrl = dialectUrl(compatible, 'embeddings', ORIGIN);
    return {
      vendor: 'gemini',
      dialects: DIALECTS,
      dialectsOf: ({ canonical }) => dialectsForTask(canonical, DIALECTS),
      names: { models: modelNames },
      rules: verdictRules,
      baseUrl: origin,
      surfaces(dialect, model) {
        if (dialect === 'embeddings') {
          return [{ url: embeddingsUrl, edits: sameDialectEdits(model) }];
        }
        const url = `${models}/${pathSegment(model)}:generateContent`;
        return [{ url, edits: sameDialectEdits(undefined) }];
      },
      // One credential only: beside a bearer token Google refuses the call.
      credentials: () => Promise.resolve({ 'x-goog-api-key': apiKey }),
    };
  },
});
