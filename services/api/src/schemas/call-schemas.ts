import { requestShape, uncopiedObject } from '@understudy/submission';
import { z } from 'zod';

/**
 * A vendor's own request, as far as the broker looks at it; the provider that is asked says what
 * is wrong with the rest.
 */
export const callSchema = uncopiedObject({
  ...requestShape,
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});

/** The vendor's own answer. */
export const callAnswerSchema = z.looseObject({});
