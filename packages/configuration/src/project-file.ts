import { z } from 'zod';
import {
  members,
  numericText,
  positiveInteger,
  positiveNumber,
  setting,
  text,
} from './file-values.ts';
import { providerRule } from './provider-rule-file.ts';

const projectName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: 'a project is named with a-z, 0-9 and "-", at most 63, and begins with no "-"',
});
const projectFile = members({
  requestsPerMinute: setting(positiveInteger, 'Requests that make work, in any 60 seconds.'),
  jobsWaiting: setting(positiveInteger, 'Jobs that have not ended.'),
  bytesStored: setting(positiveInteger, 'Bytes of files, those that batches write included.'),
  spendPerDay: setting(positiveNumber, 'US dollars of jobs that ended since midnight UTC.'),
  routes: setting(
    z.array(text).min(1, { error: 'is empty; name at least one route' }),
    'The only routes that jobs may take.',
  ),
  highestPriority: setting(
    z.preprocess(numericText, z.union([z.enum(['high', 'normal', 'low']), z.int().min(0).max(9)])),
    'The most important priority that may be asked for; 0 comes first.',
  ),
  providers: providerRule(
    'Where jobs of this project may go, whatever their routes, the targets and they themselves say. It is no limit: administrators still set those of a project of which nothing but this is said.',
  ),
});

/** Limits and where jobs may go, by the name of the project. */
export const projectsFile = setting(
  z.record(projectName, projectFile),
  'What each project may do at most. Administrators set the limits of those that are not named.',
);

export type ProjectFile = z.infer<typeof projectFile>;
