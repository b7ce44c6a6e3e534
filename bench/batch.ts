import { parseArgs } from 'node:util';
import { CONTENDER_NAMES } from './contender.ts';
import { measureBatches } from './measure-batch.ts';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    lines: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '1' },
    limited: { type: 'boolean', default: false },
  },
});
const lines = Number(values.lines);
const limitedFirst = values.limited;
const rounds = await measureBatches(CONTENDER_NAMES, Number(values.rounds), {
  lines,
  limitedFirst,
});
console.log(JSON.stringify({ lines, limited: values.limited, ...rounds }, null, 2));
