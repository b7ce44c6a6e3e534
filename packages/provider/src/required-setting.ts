import { ConfigurationError, type ProviderSettings } from '@understudy/configuration';

type TextSetting =
  | 'apiKey'
  | 'token'
  | 'accessToken'
  | 'clientId'
  | 'clientSecret'
  | 'project'
  | 'location'
  | 'region'
  | 'resource'
  | 'host'
  | 'preset'
  | 'baseUrl';

/** @throws ConfigurationError naming the field, when it is missing or blank */
export function requiredSetting(settings: ProviderSettings, field: TextSetting): string {
  const value = settings[field]?.trim();
  if (!value) {
    throw settingError(settings, field, `missing; a provider of kind ${settings.kind} needs it`);
  }
  return value;
}

/**
 * A credential that can stand in a header.
 * @throws ConfigurationError naming the field and never the value
 */
export function requiredCredential(settings: ProviderSettings, field: TextSetting): string {
  const value = requiredSetting(settings, field);
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw settingError(settings, field, 'holds white space or characters no HTTP header can carry');
  }
  return value;
}

/** A problem with one field of one provider, by its path in the configuration. */
export function settingError(
  settings: ProviderSettings,
  field: string,
  problem: string,
): ConfigurationError {
  return new ConfigurationError([`providers.${settings.name}.${field}: ${problem}.`]);
}
