import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { BoundCounter } from './bound-counter.ts';
import { BoundHistogram } from './bound-histogram.ts';

/** From a round trip in memory to one that ran into trouble. */
const ROUND_TRIP_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** From a job that is answered at once to one that waits out an outage. */
const WAIT_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/**
 * Those of OpenTelemetry's semantic conventions for generative AI, 1.41, which end at 82 s, and three
 * more: calls may last ten minutes here.
 */
const CALL_SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84,
  327.68, 655.36,
];
/** Of the same conventions. */
const CALL_TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
  67_108_864,
];

/**
 * Every instrument of every service. Labels have few values: names out of the configuration, of our
 * own tables and rules. What a caller or a provider writes freely is never one, nor an id, a project
 * or a key; a model that no table and no configuration names is `other`.
 */
export function createInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new BoundCounter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => {
    const made = new Gauge<Label>({ name, help, labelNames, registers });
    // What a service never sets it shall not tell of as 0.
    if (labelNames.length === 0) made.remove();
    return made;
  };
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new BoundHistogram<Label>({ name, help, buckets, labelNames, registers });

  return {
    buildInfo: gauge('understudy_build_info', 'Always 1: what runs.', 'version', 'node'),

    // Jobs.
    jobsAccepted: counter(
      'understudy_jobs_accepted_total',
      'Jobs that were accepted, batch lines included.',
      'endpoint',
      'priority',
      'surface',
    ),
    jobsEnded: counter(
      'understudy_jobs_ended_total',
      'Jobs that have ended, by how.',
      'status',
      'endpoint',
      'surface',
    ),
    jobDuration: histogram(
      'understudy_job_duration_seconds',
      'From the acceptance of a job to its end, waits included.',
      WAIT_SECONDS,
      'status',
      'priority',
    ),
    queueWait: histogram(
      'understudy_queue_wait_seconds',
      'From the entry into a provider’s queue to the call.',
      WAIT_SECONDS,
      'provider',
    ),
    recordChangeDuration: histogram(
      'understudy_record_change_duration_seconds',
      'Round trip to Redis that creates, begins, moves on or ends a job.',
      ROUND_TRIP_SECONDS,
      'change',
    ),

    newerRecords: counter(
      'understudy_newer_records_total',
      'Times that a job was left alone because a newer release wrote its record.',
      'met',
    ),
    unreadableRecords: counter(
      'understudy_unreadable_records_total',
      'Times that a job was left alone because its record or request does not open here.',
      'met',
    ),

    // Attempts and calls.
    attempts: counter(
      'understudy_attempts_total',
      'Attempts as they stand on jobs, skipped ones included, by what decided.',
      'provider',
      'model',
      'outcome',
      'verdict',
      'rule',
    ),
    fallThroughs: counter(
      'understudy_fall_throughs_total',
      'Jobs that went on from a provider: to another, into a wait, or to an end without answer.',
      'from',
      'to',
    ),
    duplicateCalls: counter(
      'understudy_duplicate_calls_total',
      'Calls whose outcome was lost or came too late, so that a second one may have been made.',
      'provider',
      'cause',
    ),
    callDuration: histogram(
      'gen_ai_client_operation_duration_seconds',
      'Calls of providers (OpenTelemetry gen_ai.client.operation.duration).',
      CALL_SECONDS,
      'gen_ai_operation_name',
      'gen_ai_provider_name',
      'gen_ai_request_model',
      'error_type',
      'provider',
    ),
    callTokens: histogram(
      'gen_ai_client_token_usage',
      'Tokens of answered calls (OpenTelemetry gen_ai.client.token.usage).',
      CALL_TOKENS,
      'gen_ai_operation_name',
      'gen_ai_provider_name',
      'gen_ai_request_model',
      'gen_ai_token_type',
      'provider',
    ),
    cachedTokens: counter(
      'understudy_cached_tokens_total',
      'Input tokens that a provider read from its cache or wrote there.',
      'provider',
      'model',
      'access',
    ),
    cost: counter(
      'understudy_cost_usd_total',
      'What calls cost by the price table, in US dollars.',
      'provider',
      'model',
    ),
    unpricedCalls: counter(
      'understudy_unpriced_calls_total',
      'Answered calls of which some part has no known price.',
      'provider',
      'model',
    ),

    // The HTTP API.
    requestDuration: histogram(
      'understudy_http_request_duration_seconds',
      'From the head of a request to the end of its answer, by the pattern of its route.',
      REQUEST_SECONDS,
      'method',
      'route',
      'status',
    ),
    requestsRefused: counter(
      'understudy_http_requests_refused_total',
      'Requests that were answered with an error of the API, by its code.',
      'code',
    ),

    // The scheduler.
    schedulerLeads: gauge('understudy_scheduler_leader', '1 where this replica leads, else 0.'),
    dueVisits: counter(
      'understudy_scheduler_visits_total',
      'Jobs that were due, by what became of them; "restored" did not stand where they should.',
      'visit',
    ),
    relayLag: histogram(
      'understudy_relay_lag_seconds',
      'From a change of a job until lists, events and webhooks knew of it.',
      ROUND_TRIP_SECONDS.concat(30, 300),
    ).series({}),
    cooldownsStarted: counter(
      'understudy_cooldowns_started_total',
      'Cool-downs that began, by the rule that set them.',
      'provider',
      'scope',
      'rule',
    ),
    jobsDropped: counter(
      'understudy_jobs_dropped_total',
      'Finished jobs that were forgotten before their time because Redis ran short of memory.',
    ).series({}),

    // Deliveries.
    deliveryTries: counter(
      'understudy_delivery_tries_total',
      'Tries to deliver an event to an endpoint.',
      'outcome',
      'status',
    ),
    deliveryDuration: histogram(
      'understudy_delivery_duration_seconds',
      'One try to deliver an event.',
      REQUEST_SECONDS,
      'outcome',
    ),
    deliveryLag: histogram(
      'understudy_delivery_lag_seconds',
      'From an event to its delivery.',
      WAIT_SECONDS,
    ).series({}),
    deadLetters: counter(
      'understudy_dead_letters_total',
      'Deliveries that were given up.',
      'reason',
    ),

    // Batches.
    batchLinesAdmitted: counter(
      'understudy_batch_lines_admitted_total',
      'Lines of batches that became jobs, and lines that could not.',
      'result',
    ),
    batchLinesWritten: counter(
      'understudy_batch_lines_written_total',
      'Results of lines that were written to the files of their batches.',
      'file',
    ),
    batchesEnded: counter('understudy_batches_ended_total', 'Batches that have ended.', 'status'),

    // The whole system, as the API and the scheduler see it when they are asked.
    queueJobs: gauge(
      'understudy_queue_jobs',
      'Jobs in the queue of a provider: waiting, with a worker (active), or given back (resting).',
      'provider',
      'state',
    ),
    oldestQueuedAge: gauge(
      'understudy_queue_oldest_age_seconds',
      'How long the oldest of the first in line has waited in the queue of a provider.',
      'provider',
      'priority',
    ),
    roomJobs: gauge(
      'understudy_room_jobs',
      'Jobs that wait for a model at a provider to open again; one may stand in several rooms.',
      'provider',
      'model',
    ),
    oldestRoomAge: gauge(
      'understudy_room_oldest_age_seconds',
      'How long ago the oldest of the first in line was submitted that wait for a model to open.',
      'provider',
      'model',
      'priority',
    ),
    providerAlive: gauge(
      'understudy_provider_alive',
      '1 where a worker serves the provider, else 0.',
      'provider',
    ),
    providerPaused: gauge(
      'understudy_provider_paused',
      '1 where an operator has taken the provider out of service, else 0.',
      'provider',
    ),
    cooldowns: gauge('understudy_cooldowns', 'Cool-downs that hold now.', 'provider', 'scope'),
    accountTrouble: gauge(
      'understudy_provider_account_trouble',
      '1 where the provider refuses our account (key, billing, region), else 0.',
      'provider',
    ),
    routeClosed: gauge(
      'understudy_route_closed',
      '1 where no target of a route takes a job now, else 0; automatic routes only while closed.',
      'route',
    ),
    redisUsedBytes: gauge('understudy_redis_memory_used_bytes', 'Memory that Redis uses.'),
    redisMemoryShare: gauge(
      'understudy_redis_memory_share',
      'Share in use of the memory that Redis, or the broker in it, may use; 0 without a limit.',
    ),
    redisAdmissionShare: gauge(
      'understudy_redis_admission_stop_share',
      'Share of that memory from which no new job is accepted.',
    ),
    systemReadFailures: counter(
      'understudy_system_read_failures_total',
      'Readings of the whole system that failed, so that its gauges are as they were before.',
    ).series({}),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;
