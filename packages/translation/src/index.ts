export {
  isMadeUpReasoning,
  mayNameMadeUpReasoning,
} from './callers/responses/made-up-reasoning.ts';
export * from './loss.ts';
export * from './translate.ts';
