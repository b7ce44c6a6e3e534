import {
  checkedBaseUrl,
  defineProviderKind,
  type ProviderConnection,
  type ProviderKind,
  type ProviderSettings,
  requiredCredential,
  requiredSetting,
  settingError,
  UnsafeModelNameError,
} from '@understudy/provider';
import { awsCredentials } from './aws-credentials.ts';
import { GEOGRAPHIES, type Geography, isGeography, isInside, isReachable } from './geographies.ts';
import { ANY_MODEL, dialectsOfModel, INLINE_FILES, REFUSED } from './model-dialects.ts';
import { modelNamesIn } from './model-names.ts';
import { signatureHeaders } from './sign-request.ts';
import { bedrockSurfaces } from './surfaces.ts';
import { verdictRules } from './verdict-rules.ts';

/**
 * @param environment where AWS's own tools look for a bearer key
 * @param now the time at which a request is signed
 */
export function defineBedrock(
  environment: Readonly<Record<string, string | undefined>>,
  now: () => Date,
): ProviderKind {
  return defineProviderKind({
    name: 'bedrock',

    connect(settings) {
      const region = regionOf(settings);
      const geography = geographyOf(settings, region);
      const origin = `https://bedrock-runtime.${region}.amazonaws.com`;
      const baseUrl = checkedBaseUrl(settings, 'baseUrl', settings.baseUrl ?? origin);
      const mantle = mantleUrl(settings, region);
      const places = { runtime: origin, mantle };
      const surfaces = bedrockSurfaces({ ...settings, baseUrl }, places);
      return {
        vendor: 'bedrock',
        dialects: ANY_MODEL,
        dialectsOf: dialectsOfModel,
        reasonsBesideFunctionsIn: 'responses',
        inlineFilesIn: INLINE_FILES,
        refuses: REFUSED,
        names: { models: modelNamesIn(geography, region) },
        rules: verdictRules,
        baseUrl,
        surfaces(dialect, model, needs = {}) {
          const surface = surfaces.get(dialect);
          if (surface === undefined) {
            throw new Error(`Provider ${settings.name} does not speak the dialect ${dialect}.`);
          }
          refuseOtherGeography(settings, geography, model);
          return [surface(model, needs)];
        },
        ...authorization(settings, environment, { region, mantle }, now),
      };
    },
  });
}

export const bedrock = defineBedrock(process.env, () => new Date());

// Part of a host name: nothing else may come of it.
function regionOf(settings: ProviderSettings): string {
  const region = requiredSetting(settings, 'region');
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    const problem = `${JSON.stringify(region)} is no AWS region; write one such as us-east-1`;
    throw settingError(settings, 'region', problem);
  }
  return region;
}

// A base URL that is given stands for both hosts: the paths below it tell them apart.
function mantleUrl(settings: ProviderSettings, region: string): string {
  const origin = settings.baseUrl ?? `https://bedrock-mantle.${region}.api.aws`;
  return `${checkedBaseUrl(settings, 'baseUrl', origin)}/v1`;
}

function geographyOf(settings: ProviderSettings, region: string): Geography | undefined {
  const { geography } = settings;
  if (geography === undefined) return undefined;
  if (!isGeography(geography)) {
    const problem = `${JSON.stringify(geography)} is none; give one of ${GEOGRAPHIES.join(', ')}`;
    throw settingError(settings, 'geography', problem);
  }
  if (!isReachable(geography, region)) {
    const problem = `"${geography}" cannot be called from region "${region}"; change one of the two`;
    throw settingError(settings, 'geography', problem);
  }
  return geography;
}

// Names that are passed through come from callers, who must not choose where data goes.
function refuseOtherGeography(
  settings: ProviderSettings,
  geography: Geography | undefined,
  model: string,
): void {
  if (geography === undefined || isInside(geography, model)) return;
  throw new UnsafeModelNameError(
    `Model ${JSON.stringify(model.slice(0, 100))} is served outside geography "${geography}" of provider ${settings.name}; map it to an id inside, or change the geography.`,
  );
}

type Authorization = Pick<ProviderConnection, 'credentials' | 'sign'>;

/** A bearer key where there is one, and then nothing is signed; else AWS's credentials and a signature. */
function authorization(
  settings: ProviderSettings,
  environment: Readonly<Record<string, string | undefined>>,
  { region, mantle }: { region: string; mantle: string },
  now: () => Date,
): Authorization {
  const apiKey = settings.apiKey ?? (environment['AWS_BEARER_TOKEN_BEDROCK'] || undefined);
  if (apiKey !== undefined) {
    const bearer = `Bearer ${requiredCredential({ ...settings, apiKey }, 'apiKey')}`;
    return { credentials: () => Promise.resolve({ authorization: bearer }) };
  }
  const credentials = awsCredentials(settings, region);
  return {
    credentials: () => Promise.resolve({}),
    sign: async (request, signal) => {
      const service = request.url.startsWith(`${mantle}/`) ? 'bedrock-mantle' : 'bedrock';
      return signatureHeaders(request, await credentials(signal), { region, service }, now());
    },
  };
}
