import {
  checkedBaseUrl,
  defineProviderKind,
  dialectUrl,
  messagesSurface,
  requiredCredential,
  withAskedBetas,
} from '@understudy/provider';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const BASE_URL = 'https://api.anthropic.com';

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
      surfaces: (_dialect, model, needs) => [messagesSurface(url, model, withAskedBetas(needs))],
      credentials: () => Promise.resolve({ 'x-api-key': apiKey }),
    };
  },
});
