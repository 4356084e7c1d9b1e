import { z } from 'zod';
import {
  MAX_PARTS,
  failureCategorySchema,
  failurePhaseSchema,
  runPartSchema,
  submissionSchema,
} from '@/core/wire';
import type { AgentEvent, Failure, JsonObject, RunState, Submission } from '@/core/wire';
import { refused } from '@/core/problems';
import { storable } from './storable';

/** Longest message kept of a failure or warning, characters. */
const MAX_MESSAGE = 8000;
const message = z
  .string()
  .transform((text) => (text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text));
const exitCode = z.int().min(-2_147_483_648).max(2_147_483_647);
const externalRef = z.string().max(2000);

/** What `data` holds, by the state that is reported or by its `kind`. Keys that are not known are kept in the event. */
const schemas = {
  building: z.looseObject({ image: z.string().max(1000).optional() }),
  starting: z.looseObject({ externalRef: externalRef.optional(), submission: submissionSchema.optional() }),
  running: z.looseObject({ externalRef: externalRef.optional() }),
  finished: z.looseObject({ exitCode: exitCode.default(0) }),
  failed: z.looseObject({
    phase: failurePhaseSchema,
    category: failureCategorySchema,
    message,
    exitCode: exitCode.nullish().transform((code) => code ?? null),
  }),
  stopped: z.looseObject({ exitCode: exitCode.nullish(), forced: z.boolean().optional() }),
  preempted: z.looseObject({ reason: message.optional() }),
  warning: z.looseObject({ kind: z.literal('warning'), reason: z.string().max(200), message }),
  adopted: z.looseObject({ kind: z.literal('adopted'), externalRef: externalRef.optional() }),
  image: z.looseObject({ kind: z.literal('image'), image: z.string().max(1000) }),
  note: z.looseObject({ kind: z.literal('note'), message }),
  parts: z.looseObject({ kind: z.literal('parts'), parts: z.array(runPartSchema).max(MAX_PARTS) }),
};
type Kind = keyof typeof schemas;
export type ReportableState = Extract<Kind, RunState>;

/** An event of an agent after the check. */
export interface CheckedEvent {
  seq: number;
  /** Null: the event changes no state. */
  state: ReportableState | null;
  /** Of the stored event: `state`, `warning`, `adopted`, `image`, `note` or `parts`. */
  kind: string;
  /** As it is stored: without the submission, which has its own table. */
  data: JsonObject;
  externalRef: string | undefined;
  image: string | undefined;
  submission: Submission | undefined;
  exitCode: number | null;
  failure: Failure | undefined;
}

/** Refused (422) with the paths when an event is not what the interface says. */
export function checkEvents(events: readonly AgentEvent[]): CheckedEvent[] {
  return events.map((event, index) => checkEvent(event, `events.${index}`));
}

function checkEvent(event: AgentEvent, path: string): CheckedEvent {
  const data = storable(event.data);
  const name = event.state ?? data.kind;
  if (
    typeof name !== 'string' ||
    !(name in schemas) ||
    (event.state !== undefined && !isReportable(event.state))
  ) {
    const known = Object.keys(schemas).join(', ');
    const where = event.state === undefined ? 'data.kind' : 'state';
    throw refused(`An agent cannot report ${JSON.stringify(name ?? null)}.`, [
      { path: `${path}.${where}`, message: `must be one of ${known}` },
    ]);
  }
  const parsed = schemas[name as Kind].safeParse(data);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({
      path: [path, 'data', ...issue.path.map(String)].join('.'),
      message: issue.message,
    }));
    throw refused(`The report of ${name} is not complete.`, errors);
  }
  const { submission, ...rest } = parsed.data as JsonObject &
    Partial<Pick<CheckedEvent, 'externalRef' | 'image' | 'submission'>>;
  const code = typeof rest.exitCode === 'number' ? rest.exitCode : null;
  return {
    seq: event.seq,
    state: event.state === undefined ? null : (name as ReportableState),
    kind: event.state === undefined ? name : 'state',
    data: rest,
    externalRef: rest.externalRef,
    image: rest.image,
    submission,
    exitCode: code,
    failure:
      event.state === 'failed'
        ? ({ ...(rest as unknown as Failure), exitCode: code } satisfies Failure)
        : undefined,
  };
}

const isReportable = (state: RunState): state is ReportableState => Object.hasOwn(schemas, state);
