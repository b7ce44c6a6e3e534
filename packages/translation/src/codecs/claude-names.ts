/**
 * Claude 4.0 without its date or its `-0`, by which alone the SDK tells it from later models: it
 * takes a name that it does not know for the newest.
 */
const SDK_NAMES: Readonly<Record<string, string>> = {
  'claude-sonnet-4': 'claude-sonnet-4-0',
  'claude-opus-4': 'claude-opus-4-0',
};

/**
 * Models that @ai-sdk/amazon-bedrock 5.0.101 does not know, by its own older @ai-sdk/anthropic and
 * by its list of what Bedrock refuses → one it knows, of which the same holds.
 */
const SDK_NAMES_ON_BEDROCK: Readonly<Record<string, string>> = {
  'claude-fable-5-2': 'claude-fable-5-1',
  'claude-haiku-5-5': 'claude-opus-5',
};

/** The name by which the SDK knows what a Claude takes; other names stay. */
export function sdkNameOf(model: string): string {
  return SDK_NAMES[model] ?? model;
}

/** As `sdkNameOf`, for the SDK's package of Bedrock. */
export function sdkNameOnBedrock(model: string): string {
  return SDK_NAMES_ON_BEDROCK[model] ?? sdkNameOf(model);
}
