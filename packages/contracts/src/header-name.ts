import { z } from 'zod';

/** Written by whoever sends a request, or meant for the next hop alone. */
const RESERVED =
  /^(?:connection|content-.*|expect|host|keep-alive|proxy-.*|te|trace(?:parent|state)|trailer|transfer-encoding|upgrade)$/i;

export const headerNameSchema = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, {
  error: 'is no name of a header; write it without the colon, such as x-api-key',
});

/** Name of the header in which a vendor takes a key. */
export const credentialHeaderSchema = headerNameSchema.refine((name) => !RESERVED.test(name), {
  error: ({ input }) =>
    `${String(input)} carries no key; name the header in which the vendor takes it`,
});
