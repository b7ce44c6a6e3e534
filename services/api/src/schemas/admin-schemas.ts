import { limitsSchema, prioritySchema } from '@understudy/contracts';
import type { ListPosition } from '@understudy/job-store';
import { z } from 'zod';
import { instantSchema } from './instant-schema.ts';
import { scopeSchema } from '../keys/stored-key.ts';
import { projectProvidersSchema, useSchema } from './limit-schemas.ts';

const MOST_PER_PAGE = 100;

const projectNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'may hold a-z, 0-9 and -, begins with no -, up to 63');

export const newProjectSchema = z.strictObject({ name: projectNameSchema });

const givenLimitsSchema = limitsSchema.extend({ highest_priority: prioritySchema.exactOptional() });

/** A member that is `null` is limited no more; one that is absent stays as it is. */
const limitsChangeSchema = z.strictObject({
  requests_per_minute: givenLimitsSchema.shape.requests_per_minute
    .unwrap()
    .nullable()
    .exactOptional(),
  jobs_waiting: givenLimitsSchema.shape.jobs_waiting.unwrap().nullable().exactOptional(),
  bytes_stored: givenLimitsSchema.shape.bytes_stored.unwrap().nullable().exactOptional(),
  spend_per_day: givenLimitsSchema.shape.spend_per_day.unwrap().nullable().exactOptional(),
  routes: givenLimitsSchema.shape.routes.unwrap().nullable().exactOptional(),
  highest_priority: prioritySchema.nullable().exactOptional(),
});

export const projectChangeSchema = z.strictObject({ limits: limitsChangeSchema });
export const projectParametersSchema = z.strictObject({ name: z.string().max(200) });

export const projectViewSchema = z.object({
  object: z.literal('project'),
  name: z.string(),
  /** Absent of `default`, which was always there. */
  created_at: instantSchema.optional(),
  /** From the configuration, or else from administrators; absent where there are none. */
  limits: limitsSchema.optional(),
  providers: projectProvidersSchema,
  use: useSchema.optional(),
});

export const projectQuerySchema = z.strictObject({
  /** `next_after` of the page before: the name it ended with. */
  after: projectNameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(20),
});

export const projectListSchema = z.object({
  object: z.literal('list'),
  data: z.array(projectViewSchema),
  has_more: z.boolean(),
  next_after: z.string().optional(),
});

export const newKeySchema = z.strictObject({
  project: projectNameSchema,
  scopes: z
    .array(scopeSchema)
    .min(1)
    .max(scopeSchema.options.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice'),
  /** What it is for. Of a name there are at most two live keys, so that one replaces the other. */
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/,
      'may hold letters, digits, spaces, dots, - and _, begins and ends with a letter or digit, up to 64',
    )
    .exactOptional(),
  /** `90d`, or seconds; without it the key is good until it is revoked. */
  expires_in: z.union([z.string().max(20), z.number().positive()]).exactOptional(),
  /** What the key may do at most, beside the limits of its project; they never change. */
  limits: givenLimitsSchema.exactOptional(),
});

const keyViewSchema = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  project: z.string(),
  name: z.string().optional(),
  scopes: z.array(scopeSchema),
  status: z.enum(['live', 'expired']),
  /** `environment` for the key that UNDERSTUDY_API_KEY names, else `api`. */
  source: z.string(),
  /** How the key begins. */
  hint: z.string().optional(),
  limits: limitsSchema.optional(),
  created_at: instantSchema,
  expires_at: instantSchema.optional(),
  /** To the minute; absent for a key that was never used. */
  last_used_at: instantSchema.optional(),
});
export type KeyView = z.infer<typeof keyViewSchema>;

/** A key as whoever holds it sees it. */
export const ownKeySchema = keyViewSchema.pick({
  id: true,
  object: true,
  project: true,
  scopes: true,
  name: true,
});

/** The text of a key is told once. */
export const newKeyViewSchema = keyViewSchema.extend({ key: z.string() });

export const keyListSchema = z.object({
  object: z.literal('list'),
  data: z.array(keyViewSchema),
  has_more: z.boolean(),
  next_after: z.string().optional(),
});

/** Where a page of keys ended: when its last key was made, and which one it is. */
const keyPositionSchema = z
  .string()
  .regex(/^\d{1,15}-key_\w{1,64}$/, 'give next_after of the page before')
  .transform((text): ListPosition => {
    const [createdAt = '', id = ''] = text.split('-');
    return { createdAt: Number(createdAt), id };
  });

export const keyQuerySchema = z.strictObject({
  project: projectNameSchema.optional(),
  /** `next_after` of the page before. */
  after: keyPositionSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(20),
});
export const keyParametersSchema = z.strictObject({ id: z.string().max(200) });

export const revokedKeySchema = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  deleted: z.literal(true),
});
