/** What every caller says, in the words of its dialect. */
export const SYSTEM = 'You report the weather.';
export const MOST_TOKENS = 2345;
export const STOP = 'HALT';
export const QUESTION = 'How is the weather in Paris and in Oslo?';
export const TOOL = { name: 'weather', description: 'Looks up the weather of a city.' } as const;

/** Of the tool's input and of the JSON output: one that every vendor enforces. */
export const SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string', description: 'Where it is.' },
    days: { type: 'integer', description: 'How far ahead.' },
  },
  required: ['city', 'days'],
  additionalProperties: false,
};

/** Two calls of one turn, with their results. */
export const CALLS = [
  { id: 'call_paris', input: { city: 'Paris', days: 1 }, result: 'sunny, 21 degrees' },
  { id: 'call_oslo', input: { city: 'Oslo', days: 1 }, result: 'rain, 9 degrees' },
] as const;

/** One pixel, as a PNG in base64. */
export const IMAGE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** Stands for the address at which the vendors' front gives the image, which is free to be any. */
export const IMAGE_ADDRESS = 'https://images.invalid/weather.png';
/** The path of that address. */
export const IMAGE_PATH = '/weather.png';
