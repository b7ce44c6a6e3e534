import { defineProviderKind, openAiDialects } from '@understudy/provider';

/** A kind with OpenAI's layout that knows the one model `m`, by a name of each provider's own. */
export const testKind = defineProviderKind({
  name: 'openai',
  connect: (settings) => ({
    vendor: 'openai',
    names: { models: { m: `m-at-${settings.name}` } },
    rules: [],
    ...openAiDialects(settings, 'http://127.0.0.1:9/v1', ['chat-completions', 'responses']),
    credentials: () => Promise.resolve({ authorization: `Bearer ${settings.apiKey}` }),
  }),
});
