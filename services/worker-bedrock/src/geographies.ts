import modelIds from './model-ids.json' with { type: 'json' };

/**
 * Where Amazon Bedrock may process a request, by the prefix of the inference profile; `none` are
 * ids without prefix, which are served in the called region.
 */
export type Geography = keyof typeof modelIds;

/** Geography → canonical name → Bedrock's id. */
export const MODEL_IDS: Readonly<Record<Geography, Readonly<Record<string, string>>>> = modelIds;

export const GEOGRAPHIES: readonly string[] = Object.keys(modelIds);

export function isGeography(text: string): text is Geography {
  return Object.hasOwn(modelIds, text);
}

/** Regions from which a geography's profiles can be called, wide enough for regions to come. */
const CALLING_REGIONS: Readonly<Record<Geography, RegExp>> = {
  global: /^(?!us-gov-|cn-)/,
  us: /^(us-(?!gov-)|ca-|mx-)/,
  eu: /^eu-/,
  jp: /^ap-northeast-/,
  au: /^ap-southeast-/,
  in: /^ap-south-/,
  apac: /^(ap|me)-/,
  'us-gov': /^us-gov-/,
  none: /^/,
};

export function isReachable(geography: Geography, region: string): boolean {
  return CALLING_REGIONS[geography].test(region);
}

/** The geography that an id, or the id at the end of an ARN, speaks of. */
export function geographyOfId(id: string): Geography {
  const prefix = idWithoutArn(id).split('.')[0] ?? '';
  return isGeography(prefix) ? prefix : 'none';
}

/** Whose model an id names: `anthropic`, `openai`, `amazon`; undefined where it does not say. */
export function publisherOfId(id: string): string | undefined {
  const [first = '', second, ...rest] = idWithoutArn(id).split('.');
  if (second === undefined) return undefined;
  if (!isGeography(first)) return first;
  return rest.length === 0 ? undefined : second;
}

/** True where an id is served inside a geography, or names no place but the called region. */
export function isInside(geography: Geography, id: string): boolean {
  const named = geographyOfId(id);
  if (named === 'none' || named === geography || geography === 'global') return true;
  return geography === 'apac' && ['jp', 'au', 'in'].includes(named);
}

// `arn:aws:bedrock:<region>:<account>:inference-profile/<id>`
function idWithoutArn(id: string): string {
  return id.startsWith('arn:') ? id.slice(id.lastIndexOf('/') + 1) : id;
}
