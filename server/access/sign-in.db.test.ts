import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServices, seedUser } from '../testing';
import type { TestServices } from '../testing';
import { SIGN_IN_LIMITS } from './rate-limit';
import {
  changePassword,
  createTeam,
  createUser,
  needsSetup,
  sessionActor,
  setUp,
  signInWithOidc,
  updateUser,
  verifyPassword,
  viewer,
} from '.';

let s: TestServices;
beforeAll(async () => {
  s = await createTestServices();
});
afterAll(() => s.close());

const password = 'correct horse battery';
let address = 0;
/** A client that no other test has used. */
const freshIp = () => `10.0.${Math.floor(address / 250)}.${(address++ % 250) + 1}`;

describe('set-up', () => {
  it('makes one first admin with its own space, however many try at the same time', async () => {
    expect(await needsSetup(s)).toBe(true);
    const oidc = {
      provider: 'idp',
      subject: 'early',
      email: 'early@example.com',
      emailVerified: true,
      name: 'Early',
    };
    await expect(signInWithOidc(s, oidc)).rejects.toMatchObject({ kind: 'forbidden' });

    const other = await s.another();
    const attempts = await Promise.allSettled(
      [s, other, s, other].map((each, i) =>
        setUp(each, { email: `admin${i}@example.com`, name: `Admin ${i}`, password }),
      ),
    );
    const made = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(made).toHaveLength(1);
    for (const attempt of attempts)
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'already-set-up' });
    expect(made[0]).toMatchObject({ isAdmin: true, disabled: false });

    expect(await needsSetup(s)).toBe(false);
    await expect(setUp(s, { email: 'late@example.com', name: 'Late', password })).rejects.toMatchObject({
      kind: 'conflict',
    });
    const signedIn = await verifyPassword(s, { email: made[0]?.email ?? '', password, ip: freshIp() });
    const actor = await sessionActor(s, signedIn?.userId ?? '', signedIn?.sessionVersion ?? -1);
    expect((await viewer(s, actor ?? { kind: 'system' })).entities).toEqual([
      { name: made[0]?.email.split('@')[0], kind: 'user', role: 'admin' },
    ]);
  });

  it('asks for the set-up token where the server has one', async () => {
    const guarded = { ...s, config: { ...s.config, SLIPWAY_SETUP_TOKEN: 'a token of 24 characters' } };
    const person = { email: 'first@example.com', name: 'First', password };
    for (const token of [undefined, '', 'another token']) {
      await expect(setUp(guarded, { ...person, token })).rejects.toMatchObject({
        kind: 'refused',
        errors: [{ path: 'token' }],
      });
    }
    // The right one gets as far as anybody does on an installation that is set up already.
    await expect(setUp(guarded, { ...person, token: 'a token of 24 characters' })).rejects.toMatchObject({
      code: 'already-set-up',
    });
  });
});

describe('names', () => {
  it('are unique over users and teams without regard to case, and made from the e-mail where none is given', async () => {
    const { actor } = await seedUser(s, { isAdmin: true });
    const make = (email: string, username?: string) =>
      createUser(s, actor, { email, name: 'X', username, password, isAdmin: false });
    await createTeam(s, actor, { name: 'Research' });
    await expect(createTeam(s, actor, { name: 'research' })).rejects.toMatchObject({ code: 'name-taken' });
    await expect(make('r@example.com', 'RESEARCH')).rejects.toMatchObject({ code: 'name-taken' });
    await make('research@example.com');
    await make('research@example.org');
    await make('zoë+lab/../x@example.com');
    const names = await s.prisma.entity.findMany({ where: { kind: 'user' }, select: { name: true } });
    const all = names.map(({ name }) => name);
    expect(all).toEqual(expect.arrayContaining(['research-2', 'research-3', 'zo-lab-..-x']));
    await expect(make('research@example.com')).rejects.toMatchObject({ code: 'email-taken' });
  });

  it('taken by two at the same time go to one of them', async () => {
    const { actor } = await seedUser(s, { isAdmin: true });
    const results = await Promise.allSettled(
      ['race', 'Race', 'RACE'].map((name) => createTeam(s, actor, { name })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'name-taken' });
  });
});

describe('sign-in by password', () => {
  it('takes the e-mail in any case, and says no to a wrong password, a stranger and a disabled user alike', async () => {
    const user = await seedUser(s);
    const admin = await seedUser(s, { isAdmin: true });
    const ip = freshIp();
    const attempt = (email: string, word: string) => verifyPassword(s, { email, password: word, ip });
    expect(await attempt(user.email.toUpperCase(), user.password)).toMatchObject({
      userId: user.id,
      sessionVersion: 0,
    });
    expect(await attempt(user.email, 'wrong password')).toBeNull();
    expect(await attempt('stranger@example.com', password)).toBeNull();
    expect(await attempt('no e-mail', password)).toBeNull();
    await updateUser(s, admin.actor, { id: user.id, disabled: true });
    expect(await attempt(user.email, user.password)).toBeNull();
  });

  it('is refused after too many failures, also for the right password, and lets others in', async () => {
    const [user, other] = [await seedUser(s), await seedUser(s)];
    const ip = freshIp();
    for (let i = 0; i < SIGN_IN_LIMITS.emailFromIp; i++) {
      expect(await verifyPassword(s, { email: user.email, password: 'wrong', ip })).toBeNull();
    }
    const refusal = await verifyPassword(s, { email: user.email, password: user.password, ip }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ kind: 'too-many-requests', status: 429 });
    const seconds = (refusal as { retryAfterSeconds: number }).retryAfterSeconds;
    expect(seconds).toBeGreaterThan(800);
    expect(seconds).toBeLessThanOrEqual(900);
    // Other servers count too; other people, and the same one from elsewhere, are not hurt.
    const elsewhere = await s.another();
    await expect(
      verifyPassword(elsewhere, { email: user.email, password: user.password, ip }),
    ).rejects.toMatchObject({ status: 429 });
    expect(await verifyPassword(s, { email: other.email, password: other.password, ip })).not.toBeNull();
    expect(
      await verifyPassword(s, { email: user.email, password: user.password, ip: freshIp() }),
    ).not.toBeNull();

    await s.pool.query("UPDATE sign_in_attempts SET at = at - interval '16 minutes'");
    expect(await verifyPassword(s, { email: user.email, password: user.password, ip })).not.toBeNull();
  });

  it('stops one address that tries many e-mails, and many addresses that try one e-mail', async () => {
    const ip = freshIp();
    const rows = (count: number, email: (i: number) => string, from: (i: number) => string) =>
      s.prisma.signInAttempt.createMany({
        data: Array.from({ length: count }, (_, i) => ({ email: email(i), ip: from(i) })),
      });
    await rows(
      SIGN_IN_LIMITS.ip,
      (i) => `spray${i}@example.com`,
      () => ip,
    );
    await expect(verifyPassword(s, { email: 'spray@example.com', password, ip })).rejects.toMatchObject({
      status: 429,
    });
    await rows(
      SIGN_IN_LIMITS.email,
      () => 'target@example.com',
      (i) => `192.0.2.${i}`,
    );
    await expect(
      verifyPassword(s, { email: 'target@example.com', password, ip: freshIp() }),
    ).rejects.toMatchObject({ status: 429 });
  });

  it('counts attempts that are made at the same time', async () => {
    const user = await seedUser(s);
    const ip = freshIp();
    const attempts = await Promise.allSettled(
      Array.from({ length: SIGN_IN_LIMITS.emailFromIp + 8 }, () =>
        verifyPassword(s, { email: user.email, password: 'wrong', ip }),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(
      SIGN_IN_LIMITS.emailFromIp,
    );
  });
});

describe('sessions', () => {
  it('end when the password is changed, on every server', async () => {
    const user = await seedUser(s);
    const other = await s.another();
    expect(await sessionActor(s, user.id, 0)).toMatchObject({ userId: user.id, via: 'session' });
    expect(await sessionActor(other, user.id, 0)).not.toBeNull();
    const wrong = changePassword(s, user.actor, {
      current: 'wrong',
      password: 'another long one',
      ip: freshIp(),
    });
    await expect(wrong).rejects.toMatchObject({ kind: 'refused', errors: [{ path: 'current' }] });
    const { sessionVersion } = await changePassword(s, user.actor, {
      current: user.password,
      password: 'another long one',
      ip: freshIp(),
    });
    expect(await sessionActor(s, user.id, 0)).toBeNull();
    expect(await sessionActor(s, user.id, sessionVersion)).not.toBeNull();
    await expect.poll(() => sessionActor(other, user.id, 0), { timeout: 1000 }).toBeNull();
    expect(await verifyPassword(s, { email: user.email, password: user.password, ip: freshIp() })).toBeNull();
    expect(
      await verifyPassword(s, { email: user.email, password: 'another long one', ip: freshIp() }),
    ).toMatchObject({ sessionVersion });
  });

  it('end when the user is disabled; the last admin stays', async () => {
    const admins = await s.prisma.user.findMany({ where: { isAdmin: true } });
    const boss = await seedUser(s, { isAdmin: true });
    const user = await seedUser(s);
    expect(await sessionActor(s, user.id, 0)).not.toBeNull();
    await updateUser(s, boss.actor, { id: user.id, disabled: true });
    expect(await sessionActor(s, user.id, 0)).toBeNull();
    const back = await updateUser(s, boss.actor, { id: user.id, disabled: false });
    expect(back.disabled).toBe(false);
    expect(await sessionActor(s, user.id, 0)).toBeNull();

    for (const admin of admins) await updateUser(s, boss.actor, { id: admin.id, isAdmin: false });
    await expect(updateUser(s, boss.actor, { id: boss.id, isAdmin: false })).rejects.toMatchObject({
      code: 'last-admin',
    });
    await expect(updateUser(s, boss.actor, { id: boss.id, disabled: true })).rejects.toMatchObject({
      code: 'last-admin',
    });
    await expect(updateUser(s, boss.actor, { id: 'nobody', disabled: true })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

describe('sign-in by OIDC', () => {
  const profile = (subject: string, email: string, emailVerified = true) => ({
    provider: 'https://idp.example',
    subject,
    email,
    emailVerified,
    name: 'Ada',
  });

  it('links an account by a verified e-mail only, and knows it by its subject from then on', async () => {
    const user = await seedUser(s);
    await expect(signInWithOidc(s, profile('s-1', user.email, false))).rejects.toMatchObject({
      code: 'email-not-verified',
    });
    expect(await signInWithOidc(s, profile('s-1', user.email.toUpperCase()))).toMatchObject({
      userId: user.id,
    });
    expect(await signInWithOidc(s, profile('s-1', 'moved@example.com', false))).toMatchObject({
      userId: user.id,
    });
  });

  it('makes a plain user of a newcomer, and lets no disabled one in', async () => {
    const made = await signInWithOidc(s, profile('s-2', 'newcomer@example.com'));
    expect(made).toMatchObject({ name: 'Ada', isAdmin: false });
    expect(await verifyPassword(s, { email: 'newcomer@example.com', password, ip: freshIp() })).toBeNull();
    const boss = await seedUser(s, { isAdmin: true });
    await updateUser(s, boss.actor, { id: made.userId, disabled: true });
    await expect(signInWithOidc(s, profile('s-2', 'newcomer@example.com'))).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(signInWithOidc(s, profile('s-3', 'newcomer@example.com'))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});
