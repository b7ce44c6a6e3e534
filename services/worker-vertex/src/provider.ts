import {
  defineProviderKind,
  dialectBaseUrl,
  pathSegment,
  requiredSetting,
  settingError,
} from '@understudy/provider';
import { googleCredentials } from './google-credentials.ts';
import { DIALECTS, dialectsOf, INLINE_FILES } from './model-dialects.ts';
import { modelNames } from './model-names.ts';
import { modelSurface } from './model-surface.ts';
import { verdictRules } from './verdict-rules.ts';

export const vertex = defineProviderKind({
  name: 'vertex',

  connect(settings) {
    const project = requiredSetting(settings, 'project');
    const location = settings.location ?? 'global';
    // Part of a host name: nothing else may come of it.
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(location)) {
      throw settingError(settings, 'location', `${JSON.stringify(location)} is no location`);
    }
    const path = `/v1/projects/${pathSegment(project)}/locations/${location}`;
    const places = new Map(
      DIALECTS.map((dialect) => {
        const baseUrl = dialectBaseUrl(settings, dialect, `https://${hostOf(location)}`);
        return [dialect, { baseUrl, url: baseUrl + path }];
      }),
    );
    const baseUrl = places.get('messages')?.baseUrl;
    return {
      vendor: 'vertex',
      dialects: DIALECTS,
      dialectsOf,
      inlineFilesIn: INLINE_FILES,
      names: { models: modelNames },
      rules: verdictRules,
      ...(baseUrl !== undefined && { baseUrl }),
      surfaces(dialect, model, needs) {
        const place = places.get(dialect);
        if (place === undefined) {
          throw new Error(`Provider ${settings.name} does not speak the dialect ${dialect}.`);
        }
        return [modelSurface(place.url, dialect, model, needs)];
      },
      credentials: googleCredentials(settings),
    };
  },
});

function hostOf(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}
