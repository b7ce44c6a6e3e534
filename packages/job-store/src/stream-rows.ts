import { z } from 'zod';

/** Id and flat fields of each entry of a stream, as XRANGE gives them. */
export const streamRowsSchema = z.array(z.tuple([z.string(), z.array(z.string())]));
