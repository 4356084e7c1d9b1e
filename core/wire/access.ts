import { z } from 'zod';
import { jsonSchema, lineSchema, nameSchema, pageQuerySchema, timeSchema, uuidSchema } from './common';

export const roleSchema = z.enum(['viewer', 'member', 'admin']).meta({ id: 'Role' });
export type RoleName = z.infer<typeof roleSchema>;

export const emailSchema = z
  .email('is not an e-mail address')
  .max(254)
  .transform((email) => email.toLowerCase());
/** NIST SP 800-63B: length matters, not composition. */
export const passwordSchema = z.string().min(10, 'must be at least 10 characters').max(200);

export const userSchema = z
  .object({
    id: uuidSchema,
    email: z.string(),
    name: z.string(),
    isAdmin: z.boolean(),
    disabled: z.boolean(),
    createdAt: timeSchema,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;

export const membershipSchema = z.object({
  name: z.string(),
  kind: z.enum(['user', 'team']),
  role: roleSchema,
});
export const viewerSchema = z
  .object({ user: userSchema.omit({ disabled: true, createdAt: true }), entities: z.array(membershipSchema) })
  .meta({ id: 'Viewer' });
export type Viewer = z.infer<typeof viewerSchema>;

export const setupSchema = z
  .object({
    email: emailSchema,
    name: lineSchema(100).pipe(z.string().min(1)),
    username: nameSchema.optional(),
    password: passwordSchema,
    token: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'the set-up token, where the server asks for one' }),
  })
  .strict();
export type Setup = z.infer<typeof setupSchema>;
export const setupStateSchema = z.object({
  needed: z.boolean(),
  tokenRequired: z
    .boolean()
    .meta({ description: 'SLIPWAY_SETUP_TOKEN is set: only who knows it makes the first administrator' }),
});

export const createUserSchema = z
  .object({
    email: emailSchema,
    name: lineSchema(100).pipe(z.string().min(1)),
    username: nameSchema.optional(),
    password: passwordSchema,
    isAdmin: z.boolean().default(false),
  })
  .strict()
  .meta({ id: 'CreateUser' });
export type CreateUser = z.infer<typeof createUserSchema>;
export const updateUserSchema = z
  .object({
    name: lineSchema(100).pipe(z.string().min(1)),
    isAdmin: z.boolean(),
    disabled: z.boolean(),
    password: passwordSchema,
  })
  .partial()
  .strict();
export const changePasswordSchema = z
  .object({ current: z.string().max(200), password: passwordSchema })
  .strict();

export const createEntitySchema = z.object({ name: nameSchema }).strict();
export const memberSchema = z
  .object({
    userId: uuidSchema,
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    createdAt: timeSchema,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof memberSchema>;
export const putMemberSchema = z.object({ email: emailSchema, role: roleSchema }).strict();

export const createApiKeySchema = z
  .object({
    name: lineSchema(100).pipe(z.string().min(1)),
    expiresInDays: z.int().min(1).max(3650).nullable().default(null),
  })
  .strict();
export const apiKeySchema = z
  .object({
    id: uuidSchema,
    name: z.string(),
    prefix: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable(),
    lastUsedHost: z.string().nullable().meta({ description: 'address of the program that used it last' }),
    replaced: z.boolean().meta({ description: 'another one has taken its place; it ends soon' }),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;
export const newApiKeySchema = apiKeySchema.extend({ key: z.string().meta({ description: 'shown once' }) });

export const createAgentTokenSchema = z
  .object({
    name: lineSchema(100).pipe(z.string().min(1)),
    queues: z
      .array(nameSchema)
      .max(200)
      .default([])
      .meta({ description: 'empty: every queue of the entity' }),
    expiresInDays: z.int().min(1).max(3650).nullable().default(90),
  })
  .strict();
export type CreateAgentToken = z.infer<typeof createAgentTokenSchema>;
export const agentTokenSchema = z
  .object({
    id: uuidSchema,
    name: z.string(),
    prefix: z.string(),
    queues: z.array(z.string()),
    createdBy: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable(),
    lastUsedHost: z.string().nullable(),
    replaced: z.boolean().meta({ description: 'another one has taken its place; it ends soon' }),
    agents: z
      .array(z.object({ id: uuidSchema, name: z.string(), online: z.boolean() }))
      .meta({ description: 'agents that use it' }),
  })
  .meta({ id: 'AgentToken' });
export type AgentToken = z.infer<typeof agentTokenSchema>;
export const newAgentTokenSchema = agentTokenSchema.extend({
  token: z.string().meta({ description: 'shown once' }),
});

export const auditEventSchema = z
  .object({
    id: z.string(),
    at: timeSchema,
    actorKind: z.string(),
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    data: jsonSchema,
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof auditEventSchema>;
export const auditQuerySchema = pageQuerySchema.extend({
  action: z.string().max(100).optional(),
  actor: z.string().max(200).optional().meta({ description: 'part of the name of the actor' }),
  target: z.string().max(200).optional().meta({ description: 'part of the name of the target' }),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
});
export const auditExportQuerySchema = auditQuerySchema
  .omit({ limit: true, cursor: true })
  .extend({ format: z.enum(['csv', 'ndjson']).default('csv') });

/** How long a credential that was replaced goes on working, hours. */
export const ROTATION_OVERLAP_HOURS = 24;
