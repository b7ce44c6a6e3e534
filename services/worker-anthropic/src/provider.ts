import {
  betaHeaders,
  checkedBaseUrl,
  defineProviderKind,
  dialectUrl,
  isLongCall,
  requiredCredential,
  sameDialectEdits,
} from '@understudy/provider';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const BASE_URL = 'https://api.anthropic.com';
// 2026-10-21 refuses sampling parameters that older models and their callers still use.
const API_VERSION = '2023-06-01';

export const anthropic = defineProviderKind({
  name: 'anthropic',

  connect(settings) {
    const apiKey = requiredCredential(settings, 'apiKey');
    const url = dialectUrl(settings, 'messages', BASE_URL);
    return {
      vendor: 'anthropic',
      dialects: ['messages'],
      names: { models: modelNames, accepts: acceptedNames, retired: retiredSince },
      rules: verdictRules,
      baseUrl: checkedBaseUrl(settings, 'baseUrl', settings.baseUrl ?? BASE_URL),
      surfaces: (_dialect, model, needs) => [
        {
          url,
          headers: { 'anthropic-version': API_VERSION, ...betaHeaders(needs) },
          ...(isLongCall(needs)
            ? {
                edits: { ...sameDialectEdits(model), stream: true },
                streamed: 'server-sent-events',
              }
            : { edits: sameDialectEdits(model) }),
        },
      ],
      credentials: () => Promise.resolve({ 'x-api-key': apiKey }),
    };
  },
});
