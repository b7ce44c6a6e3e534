import { registrationSchema } from '@understudy/contracts';
import { providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { registrationOf } from './registration-of.ts';
import { testKind } from './testing/test-kind.ts';

test.each([undefined, 'responses' as const])(
  'everyone hears where a model reasons beside functions, if the provider is known to: %s',
  (dialect) => {
    const settings = providerSettings('openai', { apiKey: 'key-1234567890123456' });
    const connection = testKind.connect({ ...settings, baseUrl: 'http://127.0.0.1:8000/v1' });
    const told = registrationOf(settings, {
      ...connection,
      ...(dialect !== undefined && { reasonsBesideFunctionsIn: dialect }),
    });
    expect(told.reasons_beside_functions_in).toBe(dialect);
    expect(registrationSchema.parse(JSON.parse(JSON.stringify(told)))).toEqual(told);
  },
);
