import type { Dialect } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import { dialectFacts } from './dialects/dialect-facts.ts';
import { settingError } from './required-setting.ts';

/**
 * Where one dialect of a provider is called: its own base URL if the operator gave one, else the
 * provider's, else the vendor's; then the path that the dialect appends.
 * @throws ConfigurationError when a configured base URL is none
 */
export function dialectUrl(
  settings: ProviderSettings,
  dialect: Dialect,
  vendorBaseUrl: string,
): string {
  return dialectBaseUrl(settings, dialect, vendorBaseUrl) + dialectFacts(dialect).path;
}

/** As `dialectUrl`, without the path that the dialect appends and without a slash at the end. */
export function dialectBaseUrl(
  settings: ProviderSettings,
  dialect: Dialect,
  vendorBaseUrl: string,
): string {
  const own = settings.baseUrls?.[dialect];
  if (own !== undefined) return checkedBaseUrl(settings, `baseUrls.${dialect}`, own);
  return checkedBaseUrl(settings, 'baseUrl', settings.baseUrl ?? vendorBaseUrl);
}

/**
 * @throws ConfigurationError unless the text is an http(s) URL of origin and path alone: a
 * password in it would be shown to operators, a query would swallow the dialect's path
 */
export function checkedBaseUrl(settings: ProviderSettings, field: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw settingError(settings, field, 'is no http or https URL');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw settingError(settings, field, 'must hold no user, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}
