import { z } from 'zod';

/** An instant in an answer of our own routes: RFC 3339, in UTC. */
export const instantSchema = z.iso.datetime();
