import type { Dialect } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import { checkedBaseUrl, dialectUrl } from './base-url.ts';
import type { ProviderConnection } from './provider-kind.ts';
import { sameDialectEdits } from './same-dialect-edits.ts';

/**
 * The part of a connection that all servers with OpenAI's layout share: one base URL, the
 * dialects' own paths below it, the model in the body.
 * @throws ConfigurationError when a configured base URL is none
 */
export function openAiDialects(
  settings: ProviderSettings,
  vendorBaseUrl: string,
  dialects: readonly Dialect[],
): Required<Pick<ProviderConnection, 'dialects' | 'baseUrl' | 'surfaces'>> {
  const urls = new Map(
    dialects.map((dialect) => [dialect, dialectUrl(settings, dialect, vendorBaseUrl)]),
  );
  return {
    dialects,
    baseUrl: checkedBaseUrl(settings, 'baseUrl', settings.baseUrl ?? vendorBaseUrl),
    surfaces(dialect, model) {
      const url = urls.get(dialect);
      if (url === undefined) {
        throw new Error(`Provider ${settings.name} does not speak the dialect ${dialect}.`);
      }
      return [{ url, edits: sameDialectEdits(model) }];
    },
  };
}
