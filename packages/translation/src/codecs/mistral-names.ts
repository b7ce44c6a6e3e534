/** Mistral's families of models, by the beginnings of their names. */
export const MISTRAL_FAMILIES: readonly string[] = [
  'mistral-',
  'ministral-',
  'mixtral-',
  'magistral-',
  'devstral-',
  'codestral-',
  'pixtral-',
  'voxtral-',
];

/** Whether a model is one of Mistral's, by our name or by one that a provider has for it. */
export function isMistral(model: string): boolean {
  const words = model.toLowerCase().split(/[./]/);
  return words.some((word) =>
    MISTRAL_FAMILIES.some((family) => word.replace(/^open-/, '').startsWith(family)),
  );
}
