import { expect, test } from 'vitest';
import { z } from 'zod';
import { submitSchema } from './submission.ts';
import { uncopiedObject } from './uncopied-object.ts';

const shape = { model: z.string().min(1), stream: z.boolean().nullish() };
const schema = uncopiedObject(shape);

/** Of what is wrong the place and the words, which is what a caller is shown. */
function told(one: z.ZodType, value: unknown): unknown {
  const issues = one.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ path, message }));
}

function described(one: z.ZodType): unknown {
  return z.toJSONSchema(one, { io: 'input', unrepresentable: 'any' });
}

test('what comes out is the object that went in', () => {
  const body = { model: 'm', temperature: 0.2 };
  expect(schema.parse(body)).toBe(body);
});

test('what is wrong is told as of an object that is copied', () => {
  const copying = z.looseObject(shape);
  for (const wrong of [{}, { model: '' }, { model: 1, stream: 2 }, [], null, 'text', undefined]) {
    const [ours, theirs] = [told(schema, wrong), told(copying, wrong)];
    expect(ours).toEqual(theirs);
    expect(ours).not.toEqual([]);
  }
});

test('it is described as an object that is copied is', () => {
  expect(described(schema)).toEqual(described(z.looseObject(shape)));
});

test('of a submitted body no member is touched but the model, however many it has', () => {
  const touched: unknown[] = [];
  const body = new Proxy(
    { model: 'm' },
    {
      get: (target, name) => {
        touched.push(name);
        return Reflect.get(target, name);
      },
      getOwnPropertyDescriptor: (target, name) => {
        touched.push(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
      ownKeys: () => {
        touched.push('all of them');
        return ['model'];
      },
    },
  );
  expect(submitSchema.parse({ endpoint: '/v1/chat/completions', body }).body).toBe(body);
  expect(new Set(touched)).toEqual(new Set(['model']));
});
