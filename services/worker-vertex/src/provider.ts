import {
  dialectBaseUrl,
  defineProviderKind,
  pathSegment,
  requiredSetting,
  sameDialectEdits,
  settingError,
} from '@understudy/provider';
import { googleCredentials } from './google-credentials.ts';
import { modelNames } from './model-names.ts';
import { verdictRules } from './verdict-rules.ts';

const ANTHROPIC_VERSION = 'vertex-2023-10-16';

export const vertex = defineProviderKind({
  name: 'vertex',

  connect(settings) {
    const project = requiredSetting(settings, 'project');
    const location = settings.location ?? 'global';
    // Part of a host name: nothing else may come of it.
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(location)) {
      throw settingError(settings, 'location', `${JSON.stringify(location)} is no location`);
    }
    const baseUrl = dialectBaseUrl(settings, 'messages', `https://${hostOf(location)}`);
    const models = `${baseUrl}/v1/projects/${pathSegment(project)}/locations/${location}/publishers/anthropic/models`;
    return {
      vendor: 'vertex',
      dialects: ['messages'],
      names: { models: modelNames },
      rules: verdictRules,
      baseUrl,
      surfaces: (_dialect, model) => [
        {
          url: `${models}/${pathSegment(model)}:rawPredict`,
          // The model stands in the path alone; the version in the body instead of a header.
          edits: { ...sameDialectEdits(undefined), anthropic_version: ANTHROPIC_VERSION },
        },
      ],
      credentials: googleCredentials(settings),
    };
  },
});

function hostOf(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}
