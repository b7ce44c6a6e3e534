import { z } from 'zod';
import { section, setting, text } from './file-values.ts';

const providerNames = z.array(text).min(1, { error: 'is empty; name at least one provider' });

/** Which providers may see what the description names. */
export const providerRule = (description: string) =>
  section(description, {
    only: setting(providerNames, 'To these providers alone.'),
    except: setting(providerNames, 'To none of these.'),
  });
