import { own } from '@understudy/contracts';
import { MODEL_ALIASES } from './aliases.ts';
import { MODEL_VENDORS } from './model-catalog.ts';

/** Our own name of a model, from that name itself or any spelling known for it. */
export function canonicalName(name: string): string | undefined {
  if (Object.hasOwn(MODEL_VENDORS, name)) return name;
  return own(MODEL_ALIASES, name);
}

/** The vendor whose own model this is: `anthropic`, `openai`, `meta`, …; undefined when unknown. */
export function vendorOf(canonical: string): string | undefined {
  return own(MODEL_VENDORS, canonical);
}
