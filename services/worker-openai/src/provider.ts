import { defineProviderKind, openAiDialects, requiredCredential } from '@understudy/provider';
import { acceptedNames, modelNames } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const BASE_URL = 'https://api.openai.com/v1';

export const openai = defineProviderKind({
  name: 'openai',

  connect(settings) {
    const apiKey = requiredCredential(settings, 'apiKey');
    return {
      vendor: 'openai',
      names: { models: modelNames, accepts: acceptedNames },
      rules: verdictRules,
      ...openAiDialects(settings, BASE_URL, ['chat-completions', 'responses', 'embeddings']),
      credentials: () => Promise.resolve({ authorization: `Bearer ${apiKey}` }),
    };
  },
});
