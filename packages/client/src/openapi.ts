// Made by `pnpm client:types` from the API's OpenAPI document.

export type paths = {
  '/v1/admin/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Keys of one project or of all, newest first; expired ones for 30 days */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          project?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                hint?: string;
                id: string;
                /** Format: date-time */
                last_used_at?: string;
                limits?: {
                  bytes_stored?: number;
                  highest_priority?: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  routes?: string[];
                  spend_per_day?: number;
                };
                name?: string;
                /** @enum {string} */
                object: 'api_key';
                project: string;
                scopes: ('submit' | 'read' | 'admin')[];
                source: string;
                /** @enum {string} */
                status: 'live' | 'expired';
              }[];
              has_more: boolean;
              next_after?: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Makes a key of a project; its text in the answer is never shown again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            expires_in?: string | number;
            limits?: {
              bytes_stored?: number;
              highest_priority?: ('high' | 'normal' | 'low') | number;
              jobs_waiting?: number;
              requests_per_minute?: number;
              routes?: string[];
              spend_per_day?: number;
            };
            name?: string;
            project: string;
            scopes: ('submit' | 'read' | 'admin')[];
          };
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at?: string;
              hint?: string;
              id: string;
              key: string;
              /** Format: date-time */
              last_used_at?: string;
              limits?: {
                bytes_stored?: number;
                highest_priority?: number;
                jobs_waiting?: number;
                requests_per_minute?: number;
                routes?: string[];
                spend_per_day?: number;
              };
              name?: string;
              /** @enum {string} */
              object: 'api_key';
              project: string;
              scopes: ('submit' | 'read' | 'admin')[];
              source: string;
              /** @enum {string} */
              status: 'live' | 'expired';
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revokes a key: within a second it opens nothing anywhere */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {boolean} */
              deleted: true;
              id: string;
              /** @enum {string} */
              object: 'api_key';
            };
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/projects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Projects by name; default is always there, before all others */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                /** Format: date-time */
                created_at?: string;
                limits?: {
                  bytes_stored?: number;
                  highest_priority?: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  routes?: string[];
                  spend_per_day?: number;
                };
                name: string;
                /** @enum {string} */
                object: 'project';
                providers?: {
                  except?: string[];
                  only?: string[];
                };
                use?: {
                  bytes_stored: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  spend_per_day: number;
                };
              }[];
              has_more: boolean;
              next_after?: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Makes a project: what belongs to it is there for its own keys alone */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            name: string;
          };
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at?: string;
              limits?: {
                bytes_stored?: number;
                highest_priority?: number;
                jobs_waiting?: number;
                requests_per_minute?: number;
                routes?: string[];
                spend_per_day?: number;
              };
              name: string;
              /** @enum {string} */
              object: 'project';
              providers?: {
                except?: string[];
                only?: string[];
              };
              use?: {
                bytes_stored: number;
                jobs_waiting?: number;
                requests_per_minute?: number;
                spend_per_day: number;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/projects/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Changes the limits of a project: within a second they hold everywhere */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            limits: {
              bytes_stored?: number | null;
              highest_priority?: (('high' | 'normal' | 'low') | number) | null;
              jobs_waiting?: number | null;
              requests_per_minute?: number | null;
              routes?: string[] | null;
              spend_per_day?: number | null;
            };
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at?: string;
              limits?: {
                bytes_stored?: number;
                highest_priority?: number;
                jobs_waiting?: number;
                requests_per_minute?: number;
                routes?: string[];
                spend_per_day?: number;
              };
              name: string;
              /** @enum {string} */
              object: 'project';
              providers?: {
                except?: string[];
                only?: string[];
              };
              use?: {
                bytes_stored: number;
                jobs_waiting?: number;
                requests_per_minute?: number;
                spend_per_day: number;
              };
            };
          };
        };
      };
    };
    trace?: never;
  };
  '/v1/batches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Batches of the project, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                cancelled_at?: number;
                cancelling_at?: number;
                completed_at?: number;
                completion_window: string;
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                created_at: number;
                /** @enum {string} */
                endpoint:
                  | '/v1/chat/completions'
                  | '/v1/responses'
                  | '/v1/messages'
                  | '/v1/embeddings';
                error_file_id?: string;
                errors?: {
                  data: {
                    code: string;
                    line?: number;
                    message: string;
                    param?: string;
                  }[];
                  /** @enum {string} */
                  object: 'list';
                };
                expired_at?: number;
                expires_at?: number;
                failed_at?: number;
                finalizing_at?: number;
                id: string;
                in_progress_at?: number;
                input_file_id: string;
                max_cost?: number;
                metadata?: {
                  [key: string]: string;
                };
                /** @enum {string} */
                object: 'batch';
                output_file_id?: string;
                project?: string;
                request_counts: {
                  cancelled?: number;
                  completed: number;
                  expired?: number;
                  failed: number;
                  total: number;
                };
                /** @enum {string} */
                status:
                  | 'validating'
                  | 'in_progress'
                  | 'finalizing'
                  | 'completed'
                  | 'failed'
                  | 'expired'
                  | 'cancelling'
                  | 'cancelled';
                usage?: {
                  input_tokens: number;
                  input_tokens_details: {
                    cached_tokens: number;
                  };
                  output_tokens: number;
                  output_tokens_details: {
                    reasoning_tokens: number;
                  };
                  total_tokens: number;
                };
              }[];
              first_id?: string;
              has_more: boolean;
              last_id?: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Makes a batch of the requests in a file; what is wrong with them it tells later */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /** @default 24h */
            completion_window?: string;
            /** @enum {string} */
            endpoint: '/v1/chat/completions' | '/v1/responses' | '/v1/messages' | '/v1/embeddings';
            input_file_id: string;
            max_cost?: number;
            metadata?: {
              [key: string]: string;
            } | null;
            output_expires_after?: {
              /** @enum {string} */
              anchor: 'created_at';
              seconds: number;
            } | null;
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              cancelled_at?: number;
              cancelling_at?: number;
              completed_at?: number;
              completion_window: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              created_at: number;
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error_file_id?: string;
              errors?: {
                data: {
                  code: string;
                  line?: number;
                  message: string;
                  param?: string;
                }[];
                /** @enum {string} */
                object: 'list';
              };
              expired_at?: number;
              expires_at?: number;
              failed_at?: number;
              finalizing_at?: number;
              id: string;
              in_progress_at?: number;
              input_file_id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              /** @enum {string} */
              object: 'batch';
              output_file_id?: string;
              project?: string;
              request_counts: {
                cancelled?: number;
                completed: number;
                expired?: number;
                failed: number;
                total: number;
              };
              /** @enum {string} */
              status:
                | 'validating'
                | 'in_progress'
                | 'finalizing'
                | 'completed'
                | 'failed'
                | 'expired'
                | 'cancelling'
                | 'cancelled';
              usage?: {
                input_tokens: number;
                input_tokens_details: {
                  cached_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                  reasoning_tokens: number;
                };
                total_tokens: number;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A batch; counts follow within a second, and are exact at the end */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              cancelled_at?: number;
              cancelling_at?: number;
              completed_at?: number;
              completion_window: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              created_at: number;
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error_file_id?: string;
              errors?: {
                data: {
                  code: string;
                  line?: number;
                  message: string;
                  param?: string;
                }[];
                /** @enum {string} */
                object: 'list';
              };
              expired_at?: number;
              expires_at?: number;
              failed_at?: number;
              finalizing_at?: number;
              id: string;
              in_progress_at?: number;
              input_file_id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              /** @enum {string} */
              object: 'batch';
              output_file_id?: string;
              project?: string;
              request_counts: {
                cancelled?: number;
                completed: number;
                expired?: number;
                failed: number;
                total: number;
              };
              /** @enum {string} */
              status:
                | 'validating'
                | 'in_progress'
                | 'finalizing'
                | 'completed'
                | 'failed'
                | 'expired'
                | 'cancelling'
                | 'cancelled';
              usage?: {
                input_tokens: number;
                input_tokens_details: {
                  cached_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                  reasoning_tokens: number;
                };
                total_tokens: number;
              };
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stops a batch: no further line starts; what was answered stays. Safe to repeat */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              cancelled_at?: number;
              cancelling_at?: number;
              completed_at?: number;
              completion_window: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              created_at: number;
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error_file_id?: string;
              errors?: {
                data: {
                  code: string;
                  line?: number;
                  message: string;
                  param?: string;
                }[];
                /** @enum {string} */
                object: 'list';
              };
              expired_at?: number;
              expires_at?: number;
              failed_at?: number;
              finalizing_at?: number;
              id: string;
              in_progress_at?: number;
              input_file_id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              /** @enum {string} */
              object: 'batch';
              output_file_id?: string;
              project?: string;
              request_counts: {
                cancelled?: number;
                completed: number;
                expired?: number;
                failed: number;
                total: number;
              };
              /** @enum {string} */
              status:
                | 'validating'
                | 'in_progress'
                | 'finalizing'
                | 'completed'
                | 'failed'
                | 'expired'
                | 'cancelling'
                | 'cancelled';
              usage?: {
                input_tokens: number;
                input_tokens_details: {
                  cached_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                  reasoning_tokens: number;
                };
                total_tokens: number;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Server-sent events of all jobs of the project: how they end, and with types= also failed attempts; from now on or from Last-Event-ID */
    get: {
      parameters: {
        query?: {
          after?: string;
          types?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Server-sent events; the data of each is a JSON document as described here */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/event-stream':
              | {
                  /** Format: date-time */
                  created_at: string;
                  data: {
                    attempt?: {
                      duration_ms?: number;
                      model_sent?: string;
                      number: number;
                      /** @enum {string} */
                      outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                      provider: string;
                      round: number;
                      rule?: string;
                      status_code?: number;
                      target: string;
                      /** @enum {string} */
                      verdict?: 'next' | 'next_for_good' | 'terminal';
                    };
                    cost?:
                      | {
                          amount: number;
                          /** @enum {string} */
                          currency: 'USD';
                          prices_as_of: string;
                          /** @enum {string} */
                          status: 'known' | 'partial';
                        }
                      | {
                          reason: string;
                          /** @enum {string} */
                          status: 'unknown';
                        };
                    /** @enum {string} */
                    endpoint?:
                      | '/v1/chat/completions'
                      | '/v1/responses'
                      | '/v1/messages'
                      | '/v1/embeddings';
                    error?: {
                      code: string;
                      provider?: string;
                      rule?: string;
                      status_code?: number;
                    };
                    id: string;
                    links: {
                      self: string;
                    };
                    model?: string;
                    /** Format: date-time */
                    next_attempt_at?: string;
                    /** @enum {string} */
                    object: 'job';
                    route?: string;
                    /** @enum {string} */
                    status:
                      | 'queued'
                      | 'in_progress'
                      | 'completed'
                      | 'failed'
                      | 'cancelled'
                      | 'expired';
                    usage?: {
                      cache_read_tokens?: number;
                      cache_write_tokens?: number;
                      input_tokens?: number;
                      output_tokens?: number;
                      reasoning_tokens?: number;
                    };
                  };
                  id: string;
                  /** @enum {string} */
                  object: 'event';
                  type: string;
                }
              | {
                  /** Format: date-time */
                  created_at: string;
                  data: {
                    /** @enum {string} */
                    endpoint:
                      | '/v1/chat/completions'
                      | '/v1/responses'
                      | '/v1/messages'
                      | '/v1/embeddings';
                    error_file_id?: string;
                    id: string;
                    links: {
                      self: string;
                    };
                    /** @enum {string} */
                    object: 'batch';
                    output_file_id?: string;
                    request_counts: {
                      cancelled?: number;
                      completed: number;
                      expired?: number;
                      failed: number;
                      total: number;
                    };
                    /** @enum {string} */
                    status:
                      | 'validating'
                      | 'in_progress'
                      | 'finalizing'
                      | 'completed'
                      | 'failed'
                      | 'expired'
                      | 'cancelling'
                      | 'cancelled';
                  };
                  id: string;
                  /** @enum {string} */
                  object: 'event';
                  type: string;
                }
              | {
                  data: {
                    /** @enum {string} */
                    object: 'project';
                    project: string;
                  };
                  /** @enum {string} */
                  object: 'event';
                  /** @enum {string} */
                  type: 'jobs.changed';
                };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Files of the project, newest first unless told */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          order?: 'asc' | 'desc';
          purpose?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                bytes: number;
                created_at: number;
                expires_at?: number;
                filename: string;
                id: string;
                /** @enum {string} */
                object: 'file';
                /** @enum {string} */
                purpose: 'batch' | 'batch_output';
                /** @enum {string} */
                status: 'uploaded' | 'processed';
              }[];
              first_id: string;
              has_more: boolean;
              last_id: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Uploads a file, as the input of a batch */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'multipart/form-data': {
            /** @enum {string} */
            'expires_after[anchor]'?: 'created_at';
            'expires_after[seconds]'?: number;
            /** Format: binary */
            file: string;
            /** @enum {string} */
            purpose: 'batch';
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              bytes: number;
              created_at: number;
              expires_at?: number;
              filename: string;
              id: string;
              /** @enum {string} */
              object: 'file';
              /** @enum {string} */
              purpose: 'batch' | 'batch_output';
              /** @enum {string} */
              status: 'uploaded' | 'processed';
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A file, without its content */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              bytes: number;
              created_at: number;
              expires_at?: number;
              filename: string;
              id: string;
              /** @enum {string} */
              object: 'file';
              /** @enum {string} */
              purpose: 'batch' | 'batch_output';
              /** @enum {string} */
              status: 'uploaded' | 'processed';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Removes a file and its bytes */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {boolean} */
              deleted: true;
              id: string;
              /** @enum {string} */
              object: 'file';
            };
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files/{id}/content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The bytes of a file; of one that a batch still writes, those that are there */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The bytes */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/octet-stream': string;
          };
        };
        /** @description The range of the bytes that was asked for */
        206: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/octet-stream': string;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Jobs, newest first; a new job appears within about a second */
    get: {
      parameters: {
        query?: {
          after?: string;
          batch?: string;
          created_after?: string;
          created_before?: string;
          error?: string;
          limit?: number;
          metadata?: string | string[];
          model?: string;
          provider?: string;
          route?: string;
          status?: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                batch?: {
                  custom_id: string;
                  id: string;
                  line: number;
                };
                callback?: {
                  events: (
                    | 'job.completed'
                    | 'job.failed'
                    | 'job.cancelled'
                    | 'job.expired'
                    | 'job.attempt_failed'
                    | 'batch.completed'
                    | 'batch.failed'
                    | 'batch.expired'
                    | 'batch.cancelled'
                    | 'response.completed'
                    | 'response.failed'
                    | 'response.cancelled'
                    | 'response.incomplete'
                  )[];
                  /** @enum {string} */
                  include?: 'result';
                  url: string;
                };
                /** Format: date-time */
                completed_at?: string;
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                /** Format: date-time */
                created_at: string;
                current?: {
                  model?: string;
                  provider: string;
                  /** Format: date-time */
                  since: string;
                  target: string;
                };
                /** @enum {string} */
                endpoint:
                  | '/v1/chat/completions'
                  | '/v1/responses'
                  | '/v1/messages'
                  | '/v1/embeddings';
                error?: {
                  code: string;
                  message: string;
                  provider?: string;
                  provider_error?: {
                    body?: string;
                    code?: string;
                    message?: string;
                    type?: string;
                  };
                  rule?: string;
                  status_code?: number;
                };
                /** Format: date-time */
                expires_at: string;
                id: string;
                max_cost?: number;
                metadata?: {
                  [key: string]: string;
                };
                model: string;
                /** Format: date-time */
                next_attempt_at?: string;
                /** @enum {string} */
                object: 'job';
                /** @enum {boolean} */
                payload_forgotten?: true;
                priority: number;
                project: string;
                providers?: {
                  except?: string[];
                  only?: string[];
                };
                request_bytes?: number;
                retry_of?: string;
                route: string;
                /** Format: date-time */
                started_at?: string;
                /** @enum {string} */
                status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
                /** @enum {boolean} */
                store?: false;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                waiting?: {
                  /** @enum {string} */
                  reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                  rooms: {
                    model: string;
                    provider: string;
                  }[];
                  /** Format: date-time */
                  until: string;
                };
              }[];
              first_id?: string;
              has_more: boolean;
              last_id?: string;
              next_after?: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Accepts a job; with Prefer: wait=N answers with its end if that comes in time */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            body: {
              model: string;
            } & {
              [key: string]: unknown;
            };
            callback?: {
              events?: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              /** @enum {string} */
              include?: 'result';
              secret?: string;
              url: string;
            };
            /** @enum {string} */
            endpoint: '/v1/chat/completions' | '/v1/responses' | '/v1/messages' | '/v1/embeddings';
            expires_in?: string | number;
            max_cost?: number;
            metadata?: {
              [key: string]: string;
            };
            priority?: ('high' | 'normal' | 'low') | number;
            providers?:
              | {
                  only: string[];
                }
              | {
                  except: string[];
                };
            store?: boolean;
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempts: {
                cooldown?: {
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  until: string;
                };
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                count?: number;
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                duration_ms?: number;
                error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                /** Format: date-time */
                first_at?: string;
                kind?: string;
                /** Format: date-time */
                last_at?: string;
                maybe_billed?: boolean;
                model_drawn?: string;
                model_requested: string;
                model_sent?: string;
                model_served?: string;
                number: number;
                /** @enum {string} */
                outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                probe?: boolean;
                provider: string;
                provider_response_id?: string;
                queued_ms?: number;
                request_id?: string;
                retry_after_ms?: number;
                round: number;
                rule?: string;
                /** Format: date-time */
                started_at: string;
                status_code?: number;
                surface?: string;
                target: string;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                /** @enum {string} */
                verdict?: 'next' | 'next_for_good' | 'terminal';
                warnings?: {
                  field: string;
                  message: string;
                }[];
              }[];
              batch?: {
                custom_id: string;
                id: string;
                line: number;
              };
              callback?: {
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                /** @enum {string} */
                include?: 'result';
                url: string;
              };
              /** Format: date-time */
              completed_at?: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              /** Format: date-time */
              created_at: string;
              current?: {
                model?: string;
                provider: string;
                /** Format: date-time */
                since: string;
                target: string;
              };
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error?: {
                code: string;
                message: string;
                provider?: string;
                provider_error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                rule?: string;
                status_code?: number;
              };
              /** Format: date-time */
              expires_at: string;
              id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              model: string;
              /** Format: date-time */
              next_attempt_at?: string;
              /** @enum {string} */
              object: 'job';
              /** @enum {boolean} */
              payload_forgotten?: true;
              priority: number;
              project: string;
              providers?: {
                except?: string[];
                only?: string[];
              };
              request_bytes?: number;
              result?: {
                body?: unknown;
                file?: string;
                model?: string;
                provider: string;
                refusal?: boolean;
              };
              retry_of?: string;
              route: string;
              /** Format: date-time */
              started_at?: string;
              /** @enum {string} */
              status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
              /** @enum {boolean} */
              store?: false;
              usage?: {
                cache_read_tokens?: number;
                cache_write_tokens?: number;
                input_tokens?: number;
                output_tokens?: number;
                reasoning_tokens?: number;
              };
              waiting?: {
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                rooms: {
                  model: string;
                  provider: string;
                }[];
                /** Format: date-time */
                until: string;
              };
              waits: {
                /** Format: date-time */
                ended_at?: string;
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                until: string;
              }[];
            };
          };
        };
        /** @description Default Response */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempts: {
                cooldown?: {
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  until: string;
                };
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                count?: number;
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                duration_ms?: number;
                error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                /** Format: date-time */
                first_at?: string;
                kind?: string;
                /** Format: date-time */
                last_at?: string;
                maybe_billed?: boolean;
                model_drawn?: string;
                model_requested: string;
                model_sent?: string;
                model_served?: string;
                number: number;
                /** @enum {string} */
                outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                probe?: boolean;
                provider: string;
                provider_response_id?: string;
                queued_ms?: number;
                request_id?: string;
                retry_after_ms?: number;
                round: number;
                rule?: string;
                /** Format: date-time */
                started_at: string;
                status_code?: number;
                surface?: string;
                target: string;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                /** @enum {string} */
                verdict?: 'next' | 'next_for_good' | 'terminal';
                warnings?: {
                  field: string;
                  message: string;
                }[];
              }[];
              batch?: {
                custom_id: string;
                id: string;
                line: number;
              };
              callback?: {
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                /** @enum {string} */
                include?: 'result';
                url: string;
              };
              /** Format: date-time */
              completed_at?: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              /** Format: date-time */
              created_at: string;
              current?: {
                model?: string;
                provider: string;
                /** Format: date-time */
                since: string;
                target: string;
              };
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error?: {
                code: string;
                message: string;
                provider?: string;
                provider_error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                rule?: string;
                status_code?: number;
              };
              /** Format: date-time */
              expires_at: string;
              id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              model: string;
              /** Format: date-time */
              next_attempt_at?: string;
              /** @enum {string} */
              object: 'job';
              /** @enum {boolean} */
              payload_forgotten?: true;
              priority: number;
              project: string;
              providers?: {
                except?: string[];
                only?: string[];
              };
              request_bytes?: number;
              result?: {
                body?: unknown;
                file?: string;
                model?: string;
                provider: string;
                refusal?: boolean;
              };
              retry_of?: string;
              route: string;
              /** Format: date-time */
              started_at?: string;
              /** @enum {string} */
              status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
              /** @enum {boolean} */
              store?: false;
              usage?: {
                cache_read_tokens?: number;
                cache_write_tokens?: number;
                input_tokens?: number;
                output_tokens?: number;
                reasoning_tokens?: number;
              };
              waiting?: {
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                rooms: {
                  model: string;
                  provider: string;
                }[];
                /** Format: date-time */
                until: string;
              };
              waits: {
                /** Format: date-time */
                ended_at?: string;
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                until: string;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A job; with Prefer: wait=N as soon as it has ended, at the latest after N seconds; with without=result but for the answer, which then is not delivered */
    get: {
      parameters: {
        query?: {
          without?: 'result';
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempts: {
                cooldown?: {
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  until: string;
                };
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                count?: number;
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                duration_ms?: number;
                error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                /** Format: date-time */
                first_at?: string;
                kind?: string;
                /** Format: date-time */
                last_at?: string;
                maybe_billed?: boolean;
                model_drawn?: string;
                model_requested: string;
                model_sent?: string;
                model_served?: string;
                number: number;
                /** @enum {string} */
                outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                probe?: boolean;
                provider: string;
                provider_response_id?: string;
                queued_ms?: number;
                request_id?: string;
                retry_after_ms?: number;
                round: number;
                rule?: string;
                /** Format: date-time */
                started_at: string;
                status_code?: number;
                surface?: string;
                target: string;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                /** @enum {string} */
                verdict?: 'next' | 'next_for_good' | 'terminal';
                warnings?: {
                  field: string;
                  message: string;
                }[];
              }[];
              batch?: {
                custom_id: string;
                id: string;
                line: number;
              };
              callback?: {
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                /** @enum {string} */
                include?: 'result';
                url: string;
              };
              /** Format: date-time */
              completed_at?: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              /** Format: date-time */
              created_at: string;
              current?: {
                model?: string;
                provider: string;
                /** Format: date-time */
                since: string;
                target: string;
              };
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error?: {
                code: string;
                message: string;
                provider?: string;
                provider_error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                rule?: string;
                status_code?: number;
              };
              /** Format: date-time */
              expires_at: string;
              id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              model: string;
              /** Format: date-time */
              next_attempt_at?: string;
              /** @enum {string} */
              object: 'job';
              /** @enum {boolean} */
              payload_forgotten?: true;
              priority: number;
              project: string;
              providers?: {
                except?: string[];
                only?: string[];
              };
              request_bytes?: number;
              result?: {
                body?: unknown;
                file?: string;
                model?: string;
                provider: string;
                refusal?: boolean;
              };
              retry_of?: string;
              route: string;
              /** Format: date-time */
              started_at?: string;
              /** @enum {string} */
              status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
              /** @enum {boolean} */
              store?: false;
              usage?: {
                cache_read_tokens?: number;
                cache_write_tokens?: number;
                input_tokens?: number;
                output_tokens?: number;
                reasoning_tokens?: number;
              };
              waiting?: {
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                rooms: {
                  model: string;
                  provider: string;
                }[];
                /** Format: date-time */
                until: string;
              };
              waits: {
                /** Format: date-time */
                ended_at?: string;
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                until: string;
              }[];
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Erases a job that has ended, with its request, its attempts and its answer */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Erased */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancels a job; one that has ended stays as it is */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempts: {
                cooldown?: {
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  until: string;
                };
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                count?: number;
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                duration_ms?: number;
                error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                /** Format: date-time */
                first_at?: string;
                kind?: string;
                /** Format: date-time */
                last_at?: string;
                maybe_billed?: boolean;
                model_drawn?: string;
                model_requested: string;
                model_sent?: string;
                model_served?: string;
                number: number;
                /** @enum {string} */
                outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                probe?: boolean;
                provider: string;
                provider_response_id?: string;
                queued_ms?: number;
                request_id?: string;
                retry_after_ms?: number;
                round: number;
                rule?: string;
                /** Format: date-time */
                started_at: string;
                status_code?: number;
                surface?: string;
                target: string;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                /** @enum {string} */
                verdict?: 'next' | 'next_for_good' | 'terminal';
                warnings?: {
                  field: string;
                  message: string;
                }[];
              }[];
              batch?: {
                custom_id: string;
                id: string;
                line: number;
              };
              callback?: {
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                /** @enum {string} */
                include?: 'result';
                url: string;
              };
              /** Format: date-time */
              completed_at?: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              /** Format: date-time */
              created_at: string;
              current?: {
                model?: string;
                provider: string;
                /** Format: date-time */
                since: string;
                target: string;
              };
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error?: {
                code: string;
                message: string;
                provider?: string;
                provider_error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                rule?: string;
                status_code?: number;
              };
              /** Format: date-time */
              expires_at: string;
              id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              model: string;
              /** Format: date-time */
              next_attempt_at?: string;
              /** @enum {string} */
              object: 'job';
              /** @enum {boolean} */
              payload_forgotten?: true;
              priority: number;
              project: string;
              providers?: {
                except?: string[];
                only?: string[];
              };
              request_bytes?: number;
              result?: {
                body?: unknown;
                file?: string;
                model?: string;
                provider: string;
                refusal?: boolean;
              };
              retry_of?: string;
              route: string;
              /** Format: date-time */
              started_at?: string;
              /** @enum {string} */
              status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
              /** @enum {boolean} */
              store?: false;
              usage?: {
                cache_read_tokens?: number;
                cache_write_tokens?: number;
                input_tokens?: number;
                output_tokens?: number;
                reasoning_tokens?: number;
              };
              waiting?: {
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                rooms: {
                  model: string;
                  provider: string;
                }[];
                /** Format: date-time */
                until: string;
              };
              waits: {
                /** Format: date-time */
                ended_at?: string;
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                until: string;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Server-sent events of a job: failed attempts and each status it comes to, from its start or from Last-Event-ID; ends with the job, then 204 */
    get: {
      parameters: {
        query?: {
          after?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Server-sent events; the data of each is a JSON document as described here */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/event-stream':
              | {
                  /** Format: date-time */
                  created_at: string;
                  data: {
                    attempt?: {
                      duration_ms?: number;
                      model_sent?: string;
                      number: number;
                      /** @enum {string} */
                      outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                      provider: string;
                      round: number;
                      rule?: string;
                      status_code?: number;
                      target: string;
                      /** @enum {string} */
                      verdict?: 'next' | 'next_for_good' | 'terminal';
                    };
                    cost?:
                      | {
                          amount: number;
                          /** @enum {string} */
                          currency: 'USD';
                          prices_as_of: string;
                          /** @enum {string} */
                          status: 'known' | 'partial';
                        }
                      | {
                          reason: string;
                          /** @enum {string} */
                          status: 'unknown';
                        };
                    /** @enum {string} */
                    endpoint?:
                      | '/v1/chat/completions'
                      | '/v1/responses'
                      | '/v1/messages'
                      | '/v1/embeddings';
                    error?: {
                      code: string;
                      provider?: string;
                      rule?: string;
                      status_code?: number;
                    };
                    id: string;
                    links: {
                      self: string;
                    };
                    model?: string;
                    /** Format: date-time */
                    next_attempt_at?: string;
                    /** @enum {string} */
                    object: 'job';
                    route?: string;
                    /** @enum {string} */
                    status:
                      | 'queued'
                      | 'in_progress'
                      | 'completed'
                      | 'failed'
                      | 'cancelled'
                      | 'expired';
                    usage?: {
                      cache_read_tokens?: number;
                      cache_write_tokens?: number;
                      input_tokens?: number;
                      output_tokens?: number;
                      reasoning_tokens?: number;
                    };
                  };
                  id: string;
                  /** @enum {string} */
                  object: 'event';
                  type: string;
                }
              | {
                  /** Format: date-time */
                  created_at: string;
                  data: {
                    /** @enum {string} */
                    endpoint:
                      | '/v1/chat/completions'
                      | '/v1/responses'
                      | '/v1/messages'
                      | '/v1/embeddings';
                    error_file_id?: string;
                    id: string;
                    links: {
                      self: string;
                    };
                    /** @enum {string} */
                    object: 'batch';
                    output_file_id?: string;
                    request_counts: {
                      cancelled?: number;
                      completed: number;
                      expired?: number;
                      failed: number;
                      total: number;
                    };
                    /** @enum {string} */
                    status:
                      | 'validating'
                      | 'in_progress'
                      | 'finalizing'
                      | 'completed'
                      | 'failed'
                      | 'expired'
                      | 'cancelling'
                      | 'cancelled';
                  };
                  id: string;
                  /** @enum {string} */
                  object: 'event';
                  type: string;
                }
              | {
                  data: {
                    /** @enum {string} */
                    object: 'project';
                    project: string;
                  };
                  /** @enum {string} */
                  object: 'event';
                  /** @enum {string} */
                  type: 'jobs.changed';
                };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/{id}/request': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The vendor's request of a job, byte for byte as it came */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': unknown;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes a new job that asks for the same as one that has ended */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempts: {
                cooldown?: {
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  until: string;
                };
                cost?:
                  | {
                      amount: number;
                      /** @enum {string} */
                      currency: 'USD';
                      prices_as_of: string;
                      /** @enum {string} */
                      status: 'known' | 'partial';
                    }
                  | {
                      reason: string;
                      /** @enum {string} */
                      status: 'unknown';
                    };
                count?: number;
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                duration_ms?: number;
                error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                /** Format: date-time */
                first_at?: string;
                kind?: string;
                /** Format: date-time */
                last_at?: string;
                maybe_billed?: boolean;
                model_drawn?: string;
                model_requested: string;
                model_sent?: string;
                model_served?: string;
                number: number;
                /** @enum {string} */
                outcome: 'succeeded' | 'failed' | 'skipped' | 'interrupted' | 'cancelled';
                probe?: boolean;
                provider: string;
                provider_response_id?: string;
                queued_ms?: number;
                request_id?: string;
                retry_after_ms?: number;
                round: number;
                rule?: string;
                /** Format: date-time */
                started_at: string;
                status_code?: number;
                surface?: string;
                target: string;
                usage?: {
                  cache_read_tokens?: number;
                  cache_write_tokens?: number;
                  input_tokens?: number;
                  output_tokens?: number;
                  reasoning_tokens?: number;
                };
                /** @enum {string} */
                verdict?: 'next' | 'next_for_good' | 'terminal';
                warnings?: {
                  field: string;
                  message: string;
                }[];
              }[];
              batch?: {
                custom_id: string;
                id: string;
                line: number;
              };
              callback?: {
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                /** @enum {string} */
                include?: 'result';
                url: string;
              };
              /** Format: date-time */
              completed_at?: string;
              cost?:
                | {
                    amount: number;
                    /** @enum {string} */
                    currency: 'USD';
                    prices_as_of: string;
                    /** @enum {string} */
                    status: 'known' | 'partial';
                  }
                | {
                    reason: string;
                    /** @enum {string} */
                    status: 'unknown';
                  };
              /** Format: date-time */
              created_at: string;
              current?: {
                model?: string;
                provider: string;
                /** Format: date-time */
                since: string;
                target: string;
              };
              /** @enum {string} */
              endpoint:
                | '/v1/chat/completions'
                | '/v1/responses'
                | '/v1/messages'
                | '/v1/embeddings';
              error?: {
                code: string;
                message: string;
                provider?: string;
                provider_error?: {
                  body?: string;
                  code?: string;
                  message?: string;
                  type?: string;
                };
                rule?: string;
                status_code?: number;
              };
              /** Format: date-time */
              expires_at: string;
              id: string;
              max_cost?: number;
              metadata?: {
                [key: string]: string;
              };
              model: string;
              /** Format: date-time */
              next_attempt_at?: string;
              /** @enum {string} */
              object: 'job';
              /** @enum {boolean} */
              payload_forgotten?: true;
              priority: number;
              project: string;
              providers?: {
                except?: string[];
                only?: string[];
              };
              request_bytes?: number;
              result?: {
                body?: unknown;
                file?: string;
                model?: string;
                provider: string;
                refusal?: boolean;
              };
              retry_of?: string;
              route: string;
              /** Format: date-time */
              started_at?: string;
              /** @enum {string} */
              status: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
              /** @enum {boolean} */
              store?: false;
              usage?: {
                cache_read_tokens?: number;
                cache_write_tokens?: number;
                input_tokens?: number;
                output_tokens?: number;
                reasoning_tokens?: number;
              };
              waiting?: {
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                rooms: {
                  model: string;
                  provider: string;
                }[];
                /** Format: date-time */
                until: string;
              };
              waits: {
                /** Format: date-time */
                ended_at?: string;
                /** @enum {string} */
                reason: 'cooling_down' | 'paused' | 'backoff' | 'interrupted';
                /** Format: date-time */
                started_at: string;
                /** Format: date-time */
                until: string;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancels the jobs that fit a filter and have not ended, newest first */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            after?: string;
            dry_run?: boolean;
            filter: {
              batch?: string;
              /** Format: date-time */
              created_after?: string;
              /** Format: date-time */
              created_before?: string;
              error?: string;
              metadata?: {
                [key: string]: string;
              };
              model?: string;
              provider?: string;
              route?: string;
              /** @enum {string} */
              status?: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
            };
            /** @default 100 */
            limit?: number;
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              action: 'cancel' | 'retry';
              done: number;
              /** @enum {boolean} */
              dry_run?: true;
              has_more: boolean;
              matched: number;
              next_after?: string;
              /** @enum {string} */
              object: 'bulk_result';
              skipped: {
                code: string;
                id: string;
              }[];
              stopped?: {
                code: string;
                message: string;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/facets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How many jobs fit a filter, and how they divide by status, route, provider, error */
    get: {
      parameters: {
        query?: {
          batch?: string;
          created_after?: string;
          created_before?: string;
          error?: string;
          metadata?: string | string[];
          model?: string;
          provider?: string;
          route?: string;
          status?: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              exact: boolean;
              facets: {
                error: {
                  count: number;
                  value: string;
                }[];
                model: {
                  count: number;
                  value: string;
                }[];
                project?: {
                  count: number;
                  value: string;
                }[];
                provider: {
                  count: number;
                  value: string;
                }[];
                route: {
                  count: number;
                  value: string;
                }[];
                status: {
                  count: number;
                  value: string;
                }[];
              };
              /** @enum {string} */
              object: 'job_facets';
              total: {
                count: number;
              };
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/jobs/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes new jobs from those that fit a filter and have ended, newest first; of completed ones only where the filter names that status */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            after?: string;
            dry_run?: boolean;
            filter: {
              batch?: string;
              /** Format: date-time */
              created_after?: string;
              /** Format: date-time */
              created_before?: string;
              error?: string;
              metadata?: {
                [key: string]: string;
              };
              model?: string;
              provider?: string;
              route?: string;
              /** @enum {string} */
              status?: 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
            };
            /** @default 100 */
            limit?: number;
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              action: 'cancel' | 'retry';
              done: number;
              /** @enum {boolean} */
              dry_run?: true;
              has_more: boolean;
              matched: number;
              next_after?: string;
              /** @enum {string} */
              object: 'bulk_result';
              skipped: {
                code: string;
                id: string;
              }[];
              stopped?: {
                code: string;
                message: string;
              };
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/key': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The key that was sent: its project and what it allows */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              id: string;
              name?: string;
              /** @enum {string} */
              object: 'api_key';
              project: string;
              scopes: ('submit' | 'read' | 'admin')[];
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the project and the key that asks may do at most, and what they have used */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              key: {
                id: string;
                limits: {
                  bytes_stored?: number;
                  highest_priority?: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  routes?: string[];
                  spend_per_day?: number;
                };
                use: {
                  bytes_stored: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  spend_per_day: number;
                };
              };
              /** @enum {string} */
              object: 'limits';
              project: {
                limits: {
                  bytes_stored?: number;
                  highest_priority?: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  routes?: string[];
                  spend_per_day?: number;
                };
                name: string;
                providers?: {
                  except?: string[];
                  only?: string[];
                };
                use: {
                  bytes_stored: number;
                  jobs_waiting?: number;
                  requests_per_minute?: number;
                  spend_per_day: number;
                };
              };
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every model a job may ask for, in the shape of the OpenAI list */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                created: number;
                id: string;
                /** @enum {string} */
                object: 'model';
                owned_by: string;
                providers: string[];
              }[];
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A model a job may ask for, also by another of its names */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          model: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              created: number;
              id: string;
              /** @enum {string} */
              object: 'model';
              owned_by: string;
              providers: string[];
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/providers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The configured providers: workers, queues, pauses, cool-downs, waiting jobs, use; model names that callers made up are shown to the scope admin alone */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                alive: boolean;
                base_url?: string;
                concurrency: number;
                cooldowns: {
                  alert: boolean;
                  failures: number;
                  model: string;
                  rule: string;
                  /** @enum {string} */
                  scope: 'model' | 'provider';
                  /** Format: date-time */
                  started_at: string;
                  /** @enum {string} */
                  state: 'cooling' | 'half_open';
                  /** Format: date-time */
                  until: string;
                }[];
                dialects: (
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding'
                )[];
                id: string;
                in_use: number;
                kind: string;
                /** @enum {string} */
                object: 'provider';
                paused?: {
                  reason?: string;
                  /** Format: date-time */
                  since: string;
                };
                queue: {
                  active: number;
                  oldest_ms?: number;
                  resting?: number;
                  waiting: number;
                };
                registered: boolean;
                requests_last_minute: number;
                requests_per_minute?: number;
                stale_names: {
                  failures: number;
                  model: string;
                  rule: string;
                  /** Format: date-time */
                  since: string;
                  /** Format: date-time */
                  until: string;
                }[];
                waiting: {
                  count: number;
                  model: string;
                  oldest_ms: number;
                }[];
              }[];
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/providers/{id}/clear-cooldown': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends the cool-downs of a provider, or that of one model, and lets in who waited */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            model?: string;
          } | null;
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              alive: boolean;
              base_url?: string;
              concurrency: number;
              cooldowns: {
                alert: boolean;
                failures: number;
                model: string;
                rule: string;
                /** @enum {string} */
                scope: 'model' | 'provider';
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                state: 'cooling' | 'half_open';
                /** Format: date-time */
                until: string;
              }[];
              dialects: (
                | 'chat-completions'
                | 'responses'
                | 'messages'
                | 'embeddings'
                | 'generate-content'
                | 'embed-content'
                | 'predict-embedding'
                | 'converse'
                | 'invoke-embedding'
              )[];
              id: string;
              in_use: number;
              kind: string;
              /** @enum {string} */
              object: 'provider';
              paused?: {
                reason?: string;
                /** Format: date-time */
                since: string;
              };
              queue: {
                active: number;
                oldest_ms?: number;
                resting?: number;
                waiting: number;
              };
              registered: boolean;
              requests_last_minute: number;
              requests_per_minute?: number;
              stale_names: {
                failures: number;
                model: string;
                rule: string;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                until: string;
              }[];
              waiting: {
                count: number;
                model: string;
                oldest_ms: number;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/providers/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes a provider out of service: it gets no new calls, and running ones finish */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            reason?: string;
          } | null;
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              alive: boolean;
              base_url?: string;
              concurrency: number;
              cooldowns: {
                alert: boolean;
                failures: number;
                model: string;
                rule: string;
                /** @enum {string} */
                scope: 'model' | 'provider';
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                state: 'cooling' | 'half_open';
                /** Format: date-time */
                until: string;
              }[];
              dialects: (
                | 'chat-completions'
                | 'responses'
                | 'messages'
                | 'embeddings'
                | 'generate-content'
                | 'embed-content'
                | 'predict-embedding'
                | 'converse'
                | 'invoke-embedding'
              )[];
              id: string;
              in_use: number;
              kind: string;
              /** @enum {string} */
              object: 'provider';
              paused?: {
                reason?: string;
                /** Format: date-time */
                since: string;
              };
              queue: {
                active: number;
                oldest_ms?: number;
                resting?: number;
                waiting: number;
              };
              registered: boolean;
              requests_last_minute: number;
              requests_per_minute?: number;
              stale_names: {
                failures: number;
                model: string;
                rule: string;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                until: string;
              }[];
              waiting: {
                count: number;
                model: string;
                oldest_ms: number;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/providers/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Puts a paused provider back into service, and lets in who waited for it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              alive: boolean;
              base_url?: string;
              concurrency: number;
              cooldowns: {
                alert: boolean;
                failures: number;
                model: string;
                rule: string;
                /** @enum {string} */
                scope: 'model' | 'provider';
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                state: 'cooling' | 'half_open';
                /** Format: date-time */
                until: string;
              }[];
              dialects: (
                | 'chat-completions'
                | 'responses'
                | 'messages'
                | 'embeddings'
                | 'generate-content'
                | 'embed-content'
                | 'predict-embedding'
                | 'converse'
                | 'invoke-embedding'
              )[];
              id: string;
              in_use: number;
              kind: string;
              /** @enum {string} */
              object: 'provider';
              paused?: {
                reason?: string;
                /** Format: date-time */
                since: string;
              };
              queue: {
                active: number;
                oldest_ms?: number;
                resting?: number;
                waiting: number;
              };
              registered: boolean;
              requests_last_minute: number;
              requests_per_minute?: number;
              stale_names: {
                failures: number;
                model: string;
                rule: string;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                until: string;
              }[];
              waiting: {
                count: number;
                model: string;
                oldest_ms: number;
              }[];
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/routes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All routes: those of the configuration, and those made from what providers know */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                automatic: boolean;
                name: string;
                /** @enum {string} */
                object: 'route';
                targets: string[];
              }[];
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/routes/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which targets a job for this model would visit now or in an outage, and why one is skipped */
    get: {
      parameters: {
        query?: {
          endpoint?: '/v1/chat/completions' | '/v1/responses' | '/v1/messages' | '/v1/embeddings';
          without?: string;
        };
        header?: never;
        path: {
          model: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              automatic: boolean;
              name: string;
              /** @enum {string} */
              object: 'route';
              targets: {
                /** @enum {string} */
                dialect?:
                  | 'chat-completions'
                  | 'responses'
                  | 'messages'
                  | 'embeddings'
                  | 'generate-content'
                  | 'embed-content'
                  | 'predict-embedding'
                  | 'converse'
                  | 'invoke-embedding';
                fallback?: boolean;
                kind?: string;
                model_drawn?: string;
                model_sent?: string;
                paused?: {
                  reason?: string;
                  /** Format: date-time */
                  since: string;
                };
                provider: string;
                share?: number;
                state: string;
                target: string;
                /** Format: date-time */
                until?: string;
              }[];
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What became of jobs and calls, by minute or hour; a second behind */
    get: {
      parameters: {
        query?: {
          from?: string;
          resolution?: 'minute' | 'hour';
          to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              buckets: {
                accepted: number;
                /** Format: date-time */
                at: string;
                cancelled: number;
                completed: number;
                cost_usd: number;
                expired: number;
                failed: number;
                input_tokens: number;
                output_tokens: number;
              }[];
              flows: {
                count: number;
                from: string;
                to: string | null;
              }[];
              /** Format: date-time */
              from: string;
              /** @enum {string} */
              object: 'statistics';
              providers: {
                attempts: number;
                buckets: {
                  /** Format: date-time */
                  at: string;
                  errors: {
                    [key: string]: number;
                  };
                  failed: number;
                  succeeded: number;
                }[];
                cancelled: number;
                errors: {
                  count: number;
                  rule: string;
                }[];
                failed: number;
                interrupted: number;
                latency_ms?: {
                  p50: number;
                  p95: number;
                };
                provider: string;
                skipped: number;
                succeeded: number;
              }[];
              /** @enum {string} */
              resolution: 'minute' | 'hour';
              /** Format: date-time */
              to: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Deliveries, newest first; an event of a job appears within about a second */
    get: {
      parameters: {
        query?: {
          after?: string;
          before?: string;
          endpoint?: string;
          job?: string;
          limit?: number;
          since?: string;
          state?: 'pending' | 'delivered' | 'dead';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                attempt?: number;
                /** Format: date-time */
                created_at: string;
                endpoint: string;
                event: {
                  /** Format: date-time */
                  created_at: string;
                  id: string;
                  /** @enum {string} */
                  type:
                    | 'job.completed'
                    | 'job.failed'
                    | 'job.cancelled'
                    | 'job.expired'
                    | 'job.attempt_failed'
                    | 'batch.completed'
                    | 'batch.failed'
                    | 'batch.expired'
                    | 'batch.cancelled'
                    | 'response.completed'
                    | 'response.failed'
                    | 'response.cancelled'
                    | 'response.incomplete';
                };
                id: string;
                job?: string;
                last_status_code?: number;
                /** Format: date-time */
                next_try_at?: string;
                /** @enum {string} */
                object: 'webhook_delivery';
                project: string;
                /** @enum {string} */
                reason?: 'tries_exhausted' | 'endpoint_failing' | 'endpoint_disabled' | 'refused';
                /** Format: date-time */
                settled_at?: string;
                /** @enum {string} */
                state: 'pending' | 'delivered' | 'dead';
                try_count: number;
                url: string;
              }[];
              has_more: boolean;
              next_after?: string;
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A delivery with everything that was tried */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempt?: number;
              /** Format: date-time */
              created_at: string;
              endpoint: string;
              event: {
                /** Format: date-time */
                created_at: string;
                id: string;
                /** @enum {string} */
                type:
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete';
              };
              id: string;
              job?: string;
              last_status_code?: number;
              /** Format: date-time */
              next_try_at?: string;
              /** @enum {string} */
              object: 'webhook_delivery';
              project: string;
              /** @enum {string} */
              reason?: 'tries_exhausted' | 'endpoint_failing' | 'endpoint_disabled' | 'refused';
              /** Format: date-time */
              settled_at?: string;
              /** @enum {string} */
              state: 'pending' | 'delivered' | 'dead';
              tries: {
                answer?: string;
                duration_ms?: number;
                error?: string;
                number: number;
                /** @enum {string} */
                outcome: 'delivered' | 'failed';
                /** Format: date-time */
                started_at: string;
                status_code?: number;
              }[];
              try_count: number;
              url: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries/{id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends the same event again, with its id and payload and all tries before it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempt?: number;
              /** Format: date-time */
              created_at: string;
              endpoint: string;
              event: {
                /** Format: date-time */
                created_at: string;
                id: string;
                /** @enum {string} */
                type:
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete';
              };
              id: string;
              job?: string;
              last_status_code?: number;
              /** Format: date-time */
              next_try_at?: string;
              /** @enum {string} */
              object: 'webhook_delivery';
              project: string;
              /** @enum {string} */
              reason?: 'tries_exhausted' | 'endpoint_failing' | 'endpoint_disabled' | 'refused';
              /** Format: date-time */
              settled_at?: string;
              /** @enum {string} */
              state: 'pending' | 'delivered' | 'dead';
              try_count: number;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The registered endpoints, oldest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              data: {
                /** Format: date-time */
                created_at: string;
                description?: string;
                /** @enum {string} */
                disabled_reason?: 'by_owner' | 'gone' | 'removed';
                events: (
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete'
                )[];
                id: string;
                /** @enum {string} */
                include?: 'result';
                keys: {
                  /** Format: date-time */
                  created_at: string;
                  /** Format: date-time */
                  expires_at?: string;
                  /** @enum {string} */
                  kind: 'symmetric' | 'ed25519';
                  public_key?: string;
                }[];
                /** @enum {string} */
                object: 'webhook_endpoint';
                /** @enum {string} */
                status: 'enabled' | 'disabled';
                /** Format: date-time */
                updated_at: string;
                url: string;
              }[];
              /** @enum {string} */
              object: 'list';
            };
          };
        };
      };
    };
    put?: never;
    /** Registers an endpoint; the secret in the answer is shown again to a repeat with its Idempotency-Key alone. include needs the scope read too */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            description?: string;
            events?: (
              | 'job.completed'
              | 'job.failed'
              | 'job.cancelled'
              | 'job.expired'
              | 'job.attempt_failed'
              | 'batch.completed'
              | 'batch.failed'
              | 'batch.expired'
              | 'batch.cancelled'
              | 'response.completed'
              | 'response.failed'
              | 'response.cancelled'
              | 'response.incomplete'
            )[];
            /** @enum {string} */
            include?: 'result';
            /** @enum {string} */
            kind?: 'symmetric' | 'ed25519';
            secret?: string;
            url: string;
          };
        };
      };
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              secret: string;
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An endpoint and how its deliveries stand; also that of callbacks to one URL */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              deliveries: {
                dead: number;
                delivered: number;
                pending: number;
              };
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Removes an endpoint; what was still to be delivered to it is given up */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {boolean} */
              deleted: true;
              id: string;
              /** @enum {string} */
              object: 'webhook_endpoint';
            };
          };
        };
      };
    };
    options?: never;
    head?: never;
    /** Changes an endpoint; null takes a member away. url and include need the scope read too */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            description?: string | null;
            events?: (
              | 'job.completed'
              | 'job.failed'
              | 'job.cancelled'
              | 'job.expired'
              | 'job.attempt_failed'
              | 'batch.completed'
              | 'batch.failed'
              | 'batch.expired'
              | 'batch.cancelled'
              | 'response.completed'
              | 'response.failed'
              | 'response.cancelled'
              | 'response.incomplete'
            )[];
            include?: 'result' | null;
            url?: string;
          };
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/disable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends nothing more there; what was pending is given up and can be redelivered */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/enable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends there again, also after the endpoint had answered 410 */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends again what was made since a time, or what was given up, oldest first */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /** Format: date-time */
            before?: string;
            /** @enum {boolean} */
            dead_letters?: true;
            /** Format: date-time */
            since?: string;
          };
        };
      };
      responses: {
        /** @description Default Response */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              endpoint: string;
              has_more: boolean;
              /** @enum {string} */
              object: 'webhook_replay';
              redelivered: number;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Adds a key, shown in this answer alone; the old ones sign too during the grace period */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            grace_period?: string | number;
            /** @enum {string} */
            kind?: 'symmetric' | 'ed25519';
            secret?: string;
          } | null;
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at: string;
              description?: string;
              /** @enum {string} */
              disabled_reason?: 'by_owner' | 'gone' | 'removed';
              events: (
                | 'job.completed'
                | 'job.failed'
                | 'job.cancelled'
                | 'job.expired'
                | 'job.attempt_failed'
                | 'batch.completed'
                | 'batch.failed'
                | 'batch.expired'
                | 'batch.cancelled'
                | 'response.completed'
                | 'response.failed'
                | 'response.cancelled'
                | 'response.incomplete'
              )[];
              id: string;
              /** @enum {string} */
              include?: 'result';
              keys: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at?: string;
                /** @enum {string} */
                kind: 'symmetric' | 'ed25519';
                public_key?: string;
              }[];
              /** @enum {string} */
              object: 'webhook_endpoint';
              secret: string;
              /** @enum {string} */
              status: 'enabled' | 'disabled';
              /** Format: date-time */
              updated_at: string;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends an event with made-up data, signed and retried like any other */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /** @enum {string} */
            type?:
              | 'job.completed'
              | 'job.failed'
              | 'job.cancelled'
              | 'job.expired'
              | 'job.attempt_failed'
              | 'batch.completed'
              | 'batch.failed'
              | 'batch.expired'
              | 'batch.cancelled'
              | 'response.completed'
              | 'response.failed'
              | 'response.cancelled'
              | 'response.incomplete';
          } | null;
        };
      };
      responses: {
        /** @description Default Response */
        202: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              attempt?: number;
              /** Format: date-time */
              created_at: string;
              endpoint: string;
              event: {
                /** Format: date-time */
                created_at: string;
                id: string;
                /** @enum {string} */
                type:
                  | 'job.completed'
                  | 'job.failed'
                  | 'job.cancelled'
                  | 'job.expired'
                  | 'job.attempt_failed'
                  | 'batch.completed'
                  | 'batch.failed'
                  | 'batch.expired'
                  | 'batch.cancelled'
                  | 'response.completed'
                  | 'response.failed'
                  | 'response.cancelled'
                  | 'response.incomplete';
              };
              id: string;
              job?: string;
              last_status_code?: number;
              /** Format: date-time */
              next_try_at?: string;
              /** @enum {string} */
              object: 'webhook_delivery';
              project: string;
              /** @enum {string} */
              reason?: 'tries_exhausted' | 'endpoint_failing' | 'endpoint_disabled' | 'refused';
              /** Format: date-time */
              settled_at?: string;
              /** @enum {string} */
              state: 'pending' | 'delivered' | 'dead';
              try_count: number;
              url: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the project has a default secret, which signs callbacks without their own */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at?: string;
              exists: boolean;
              keys: number;
              /** @enum {string} */
              object: 'webhook_secret';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/secret/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes the project's default secret or a new one, shown in this answer alone */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            grace_period?: string | number;
          } | null;
        };
      };
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** Format: date-time */
              created_at?: string;
              exists: boolean;
              keys: number;
              /** @enum {string} */
              object: 'webhook_secret';
              secret: string;
            };
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
};
export type webhooks = Record<string, never>;
export type components = {
  schemas: never;
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
};
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
