import {
  changePasswordSchema,
  createEntitySchema,
  createUserSchema,
  memberSchema,
  membershipSchema,
  pageOf,
  pageQuerySchema,
  putMemberSchema,
  setupSchema,
  setupStateSchema,
  updateUserSchema,
  userSchema,
  viewerSchema,
} from '@/core/wire';
import {
  changePassword,
  createTeam,
  createUser,
  listMembers,
  listUsers,
  needsSetup,
  putMember,
  removeMember,
  setUp,
  signOutEverywhere,
  updateUser,
  viewer,
} from '../../access';
import { requireSameOrigin } from '../auth';
import { clientAddress } from '../client-address';
import { endpoint } from '../endpoint';
import { createRateLimiter } from '../rate-limit';
import { entityParams, idParams, memberParams, whole } from './params';

const setupLimit = createRateLimiter({ perSecond: 0.2, burst: 20 });

export const accessEndpoints = [
  endpoint({
    method: 'get',
    path: '/api/v1/setup',
    tag: 'Set-up',
    caller: 'anyone',
    summary: 'Whether the first administrator is still to be made',
    answer: setupStateSchema,
    handle: async ({ services }) => ({
      needed: await needsSetup(services),
      tokenRequired: services.config.SLIPWAY_SETUP_TOKEN !== undefined,
    }),
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/setup',
    tag: 'Set-up',
    caller: 'anyone',
    summary: 'Make the first administrator',
    description: 'Works once, on an installation without users.',
    body: setupSchema,
    answer: userSchema,
    status: 201,
    handle: async ({ services, body, c }) => {
      setupLimit.take(clientAddress(c, services.config));
      // A browser that is made to send this by another site is refused; programs send neither header.
      if (c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined) {
        requireSameOrigin(c, services.config.SLIPWAY_BASE_URL);
      }
      return setUp(services, body);
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/v1/viewer',
    tag: 'People',
    caller: 'user',
    summary: 'Who is calling, and the entities they belong to',
    answer: viewerSchema,
    handle: ({ services, actor }) => viewer(services, actor),
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/viewer/password',
    tag: 'People',
    caller: 'user',
    summary: 'Change the own password',
    description: 'Ends every browser session of the user, this one included.',
    body: changePasswordSchema,
    answer: null,
    handle: async ({ services, actor, body, c }) => {
      await changePassword(services, actor, { ...body, ip: clientAddress(c, services.config) });
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/viewer/sign-out-everywhere',
    tag: 'People',
    caller: 'user',
    summary: 'End every browser session of oneself',
    description: 'This one included. API keys stay valid.',
    answer: null,
    handle: ({ services, actor }) => signOutEverywhere(services, actor),
  }),
  endpoint({
    method: 'get',
    path: '/api/v1/users',
    tag: 'People',
    caller: 'user',
    summary: 'All users (instance administrators)',
    query: pageQuerySchema,
    answer: pageOf(userSchema),
    handle: ({ services, actor, query }) => listUsers(services, actor, query),
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/users',
    tag: 'People',
    caller: 'user',
    summary: 'Make a user (instance administrators)',
    body: createUserSchema,
    answer: userSchema,
    status: 201,
    handle: ({ services, actor, body }) => createUser(services, actor, body),
  }),
  endpoint({
    method: 'patch',
    path: '/api/v1/users/{id}',
    tag: 'People',
    caller: 'user',
    summary: 'Change or disable a user (instance administrators)',
    params: idParams,
    body: updateUserSchema,
    answer: userSchema,
    handle: ({ services, actor, params, body }) => updateUser(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/api/v1/entities',
    tag: 'Entities',
    caller: 'user',
    summary: 'Make a team',
    body: createEntitySchema,
    answer: membershipSchema,
    status: 201,
    handle: async ({ services, actor, body }) => {
      const { name, kind, role } = await createTeam(services, actor, body);
      return { name, kind, role };
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/v1/entities/{entity}/members',
    tag: 'Entities',
    caller: 'user',
    summary: 'Members and their roles',
    params: entityParams,
    answer: pageOf(memberSchema),
    handle: async ({ services, actor, params }) => whole(await listMembers(services, actor, params)),
  }),
  endpoint({
    method: 'put',
    path: '/api/v1/entities/{entity}/members',
    tag: 'Entities',
    caller: 'user',
    summary: 'Add a member, or change the role of one',
    params: entityParams,
    body: putMemberSchema,
    answer: memberSchema,
    handle: ({ services, actor, params, body }) => putMember(services, actor, { ...params, ...body }),
  }),
  endpoint({
    method: 'delete',
    path: '/api/v1/entities/{entity}/members/{userId}',
    tag: 'Entities',
    caller: 'user',
    summary: 'Remove a member',
    params: memberParams,
    answer: null,
    handle: ({ services, actor, params }) => removeMember(services, actor, params),
  }),
];
