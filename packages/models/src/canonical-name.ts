import { MODEL_ALIASES } from './aliases.ts';
import { MODEL_VENDORS } from './model-catalog.ts';

/** Our own name of a model, from that name itself or any spelling known for it. */
export function canonicalName(name: string): string | undefined {
  if (Object.hasOwn(MODEL_VENDORS, name)) return name;
  return Object.hasOwn(MODEL_ALIASES, name) ? MODEL_ALIASES[name] : undefined;
}

/** The vendor whose own model this is: `anthropic`, `openai`, `meta`, …; undefined when unknown. */
export function vendorOf(canonical: string): string | undefined {
  return Object.hasOwn(MODEL_VENDORS, canonical) ? MODEL_VENDORS[canonical] : undefined;
}
