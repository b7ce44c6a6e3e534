/** What is planted. */
export type Canary =
  | 'apikey'
  | 'providerkey'
  | 'signingsecret'
  | 'prompt'
  | 'answer'
  | 'metadata'
  | 'callbackurl'
  | 'receiver'
  | 'header'
  | 'refused';

const SIGN = '9d41c7';

/** A text that nothing else contains, and that is spelled the same in JSON, in URLs and in headers. */
export function canary(kind: Canary, detail = ''): string {
  return `canary-${kind}-${SIGN}${detail}`;
}

/** A Standard Webhooks secret: base64, so that it has a spelling of its own. */
export const SIGNING_SECRET = `whsec_${Buffer.from(canary('signingsecret', '-of-a-callback')).toString('base64')}`;

const SIGNING_SECRET_BODY = SIGNING_SECRET.slice('whsec_'.length);

/** The kinds that a text holds, each once. */
export function canariesIn(text: string): Canary[] {
  const found = new Set<Canary>();
  for (const [, kind] of text.matchAll(new RegExp(`canary-([a-z]+)-${SIGN}`, 'gi'))) {
    found.add(kind!.toLowerCase() as Canary);
  }
  if (text.includes(SIGNING_SECRET_BODY)) found.add('signingsecret');
  return [...found];
}
