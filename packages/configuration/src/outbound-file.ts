import { z } from 'zod';
import { allowEntryProblem, isAllowEntry } from './allow-entry.ts';
import { boolean, positiveInteger, section, setting, timeout } from './file-values.ts';

const allowEntry = z
  .string({ error: 'expected a host, an address or a network, such as 10.0.0.0/8' })
  .refine(isAllowEntry, { error: ({ input }) => allowEntryProblem(String(input)) })
  .meta({ examples: ['hooks.internal', 'hooks.internal:8080', '10.0.0.0/8'] });

/** Where URLs that callers give may lead. */
export const outboundFile = section('Where URLs that callers give may lead.', {
  allow: setting(
    z.array(allowEntry),
    'Hosts, addresses and networks that may be reached beside public addresses; names of a hosts file or a search domain, too.',
    [],
  ),
  fetchImages: setting(
    boolean,
    'Whether images are fetched by their URL for providers that only take them inline.',
    true,
  ),
  maxImageBytes: setting(
    positiveInteger,
    'Of one image; all images of one call together may have four times as many.',
    5_000_000,
  ),
  imageTimeout: setting(timeout, 'For all images of one call together.', '10s'),
});

export type OutboundFile = NonNullable<z.infer<typeof outboundFile>>;
