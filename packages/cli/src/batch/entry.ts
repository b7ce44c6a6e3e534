import type { Endpoint } from '@understudy/contracts';

/** One request of an input file, whatever the file's format. */
export interface Entry {
  /** Of the input file; counts from 1. */
  line: number;
  /** The line's own name, or one made from its number; results come back under it. */
  customId: string;
  endpoint: Endpoint;
  /** The vendor's request, as JSON. */
  body: string;
  /** Of the plain formats. */
  prompt?: string;
  metadata?: Record<string, unknown>;
}

/** What the command line says about lines that do not say it themselves. */
export interface EntryDefaults {
  /** Of plain lines and of tables. */
  endpoint: Endpoint;
  /** Of lines of any format. */
  model?: string;
  /** Of plain lines and of tables, as are the next two. */
  system?: string;
  maxTokens?: number;
  temperature?: number;
  /** Of CSV and TSV: how a row becomes a prompt. */
  template?: string;
}
