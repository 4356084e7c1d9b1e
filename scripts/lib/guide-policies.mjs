// The IAM statements of the guide, and users of the AWS emulator who have them and nothing else: for tests that they are enough and not more.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './home.mjs';

const NAMES = {
  '<region>': 'us-east-1',
  '<account-id>': '123456789012',
  '<repository>': 'train',
  '<bucket>': 'bucket',
  '<path>': 'contexts',
};

/** The policy that docs/guides/registries-and-permissions.md prints below a heading, with names in the place of its placeholders. */
export async function guidePolicy(heading) {
  const guide = await readFile(path.join(root, 'docs/guides/registries-and-permissions.md'), 'utf8');
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const json = /```json\n([^`]*)```/.exec(section)?.[1] ?? '';
  return JSON.parse(json.replaceAll(/<[a-z-]+>/g, (name) => NAMES[name] ?? name));
}

export const actionsOf = ({ Statement }) => Statement.flatMap(({ Action }) => Action);

export const withoutAction = ({ Version, Statement }, action) => ({
  Version,
  Statement: Statement.map((one) => ({
    ...one,
    Action: [one.Action].flat().filter((name) => name !== action),
  })).filter(({ Action }) => Action.length > 0),
});

let users = 0;

/** Does the work with the credentials of a new user of moto who may do what the policy says, and nothing else. */
export async function asUserWith(policy, motoUrl, work) {
  const call = async (parameters) => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none';
    const response = await fetch(motoUrl, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };
  /** How many calls moto takes from now on before it looks at rights. */
  const lookAtRights = (after) =>
    fetch(`${motoUrl}/moto-api/reset-auth`, { method: 'POST', body: String(after) });
  const UserName = `user-${++users}`;
  await call({ Action: 'CreateUser', UserName });
  const PolicyDocument = JSON.stringify(policy);
  await call({ Action: 'PutUserPolicy', UserName, PolicyName: 'guide', PolicyDocument });
  const key = await call({ Action: 'CreateAccessKey', UserName });
  const part = (name) => new RegExp(`<${name}>([^<]+)<`).exec(key)?.[1] ?? '';
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  process.env.AWS_ACCESS_KEY_ID = part('AccessKeyId');
  process.env.AWS_SECRET_ACCESS_KEY = part('SecretAccessKey');
  await lookAtRights(0);
  try {
    return await work();
  } finally {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    await lookAtRights(Infinity);
  }
}
