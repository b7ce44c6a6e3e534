import { openAiDialectsOf } from '@understudy/models';
import { defineProviderKind, openAiDialects, requiredCredential } from '@understudy/provider';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const BASE_URL = 'https://api.openai.com/v1';

export const openai = defineProviderKind({
  name: 'openai',

  connect(settings) {
    const apiKey = requiredCredential(settings, 'apiKey');
    const dialects = ['chat-completions', 'responses', 'embeddings'] as const;
    return {
      vendor: 'openai',
      names: { models: modelNames, accepts: acceptedNames, retired: retiredSince },
      rules: verdictRules,
      ...openAiDialects(settings, BASE_URL, dialects),
      reasonsBesideFunctionsIn: 'responses',
      dialectsOf: ({ canonical }) => openAiDialectsOf(canonical, dialects),
      credentials: () => Promise.resolve({ authorization: `Bearer ${apiKey}` }),
    };
  },
});
