import {
  checkedBaseUrl,
  type ProviderSettings,
  requiredSetting,
  settingError,
} from '@understudy/provider';

const OPENAI_PATH = '/openai/v1';
const OPENAI_HOST = '.openai.azure.com';
/** Foundry's host: the only one that has Anthropic's path, and one that has OpenAI's too. */
const FOUNDRY_HOST = '.services.ai.azure.com';

/** Where the two APIs of one Azure resource are, each up to what a dialect appends. */
export interface AzureBaseUrls {
  openAi: string;
  /** Undefined where the operator's base URL does not tell. */
  anthropic: string | undefined;
}

/**
 * From the resource's name, or from the base URL of its OpenAI v1 API, beside which Anthropic's
 * API stands at `/anthropic`.
 * @throws ConfigurationError naming the field that is missing or wrong
 */
export function azureBaseUrls(settings: ProviderSettings): AzureBaseUrls {
  const openAi =
    settings.baseUrl === undefined
      ? `https://${checkedResource(settings)}${OPENAI_HOST}${OPENAI_PATH}`
      : checkedBaseUrl(settings, 'baseUrl', settings.baseUrl);
  return { openAi, anthropic: settings.baseUrls?.messages ?? besides(openAi) };
}

function checkedResource(settings: ProviderSettings): string {
  const resource = requiredSetting(settings, 'resource');
  // Part of a host name: nothing else may come of it.
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(resource)) {
    throw settingError(
      settings,
      'resource',
      `${JSON.stringify(resource)} is no name of a resource; give the first part of its host name, or its whole address as baseUrl`,
    );
  }
  return resource;
}

function besides(openAi: string): string | undefined {
  if (!openAi.endsWith(OPENAI_PATH)) return undefined;
  const url = new URL(openAi.slice(0, -OPENAI_PATH.length) + '/anthropic');
  if (url.hostname.endsWith(OPENAI_HOST)) {
    url.hostname = url.hostname.slice(0, -OPENAI_HOST.length) + FOUNDRY_HOST;
  }
  return url.href;
}
