const SCRUBBED_MAX_BYTES = 8192;

const MASK = '[masked]';
const CUT_MARK = '… [cut]';

/** A shorter secret would mask ordinary words. */
const SHORTEST_SECRET = 6;

/** Shapes of credentials. `$1` keeps what leads up to the secret itself. */
const CREDENTIAL_SHAPES: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^-]*/g,
  /\b((?:Bearer|Basic)\s+)(?=\S*[\d*])[\w.~+/*=-]{8,}/gi,
  // Vendors echo a refused key, partly starred out: `Incorrect API key provided: sk-ab***yz`.
  /\b(api[ _-]?key(?: provided)?\s*[:=]\s*["'`]?)[^\s"'`,&<>]*[^\s"'`,&<>.]/gi,
  /\b((?:access[_-]?|security[_-]?|auth[_-]?)?(?:key|token|secret|password|signature|sig)=)[^\s&"'`<>]+/gi,
  /("(?:[\w-]*(?:secret|password|token|api[_-]?key)|authorization)\\?"\s*:\s*\\?")[^"\\]+/gi,
  /()\b(?:sk|pk|rk|xai|fw|gsk|hf|ghp|tgp)[-_][\w*.-]{4,}[\w*]/g,
  /()\bAIza[\w*-]{8,}/g,
  /()\b(?:dapi|dkea|dose|doses)[0-9a-f*]{12,}(?:-\d+)?/g,
  /()\b(?:AKIA|ASIA|ABSK)[\w*+/=]{8,}/g,
  // AWS repeats the request it could not verify, headers included; its short-term keys.
  /(x-amz-security-token\s*[:=]\s*)[^\s"'\\]+/gi,
  /()\bbedrock-api-key-[\w+/=*-]{4,}/g,
  /()\bya29\.[\w.*-]{8,}/g,
  /()\beyJ[\w*-]{4,}(?:\.[\w*-]*){0,4}/g,
];

/**
 * A provider's text, fit to be stored and shown: known credentials and everything shaped like one
 * masked, then cut to `maxBytes` of UTF-8 (the mark of the cut included), never within a character.
 * @param secrets the credentials in use; masked wherever they stand, also escaped for JSON or URLs
 */
export function scrub(
  text: string,
  secrets: readonly string[],
  maxBytes: number = SCRUBBED_MAX_BYTES,
): string {
  let masked = text;
  for (const secret of spellings(secrets)) masked = masked.replaceAll(secret, MASK);
  for (const shape of CREDENTIAL_SHAPES) masked = masked.replaceAll(shape, `$1${MASK}`);
  return cut(masked, maxBytes);
}

/** Longest first: a secret that begins with another must not leave its rest behind. */
function spellings(secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret.toWellFormed()),
    ])
    .toSorted((a, b) => b.length - a.length);
}

function cut(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const markBytes = new TextEncoder().encode(CUT_MARK).length;
  const kept = bytes.subarray(0, Math.max(0, maxBytes - markBytes));
  // A decoder that expects more leaves an unfinished last character out.
  return new TextDecoder().decode(kept, { stream: true }) + CUT_MARK;
}
