/**
 * Claude 4.0 without its date or its `-0`, by which alone the SDK tells it from later models: it
 * takes a name that it does not know for the newest.
 */
const SDK_NAMES: Readonly<Record<string, string>> = {
  'claude-sonnet-4': 'claude-sonnet-4-0',
  'claude-opus-4': 'claude-opus-4-0',
};

/** The name by which the SDK knows what a Claude takes; other names stay. */
export function sdkNameOf(model: string): string {
  return SDK_NAMES[model] ?? model;
}
