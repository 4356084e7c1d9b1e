export interface Policy {
  Version: string;
  Statement: { Effect: string; Action: string | string[]; Resource: string }[];
}
export function guidePolicy(heading: string): Promise<Policy>;
export function actionsOf(policy: Policy): string[];
export function withoutAction(policy: Policy, action: string): Policy;
export function asUserWith<T>(policy: Policy, motoUrl: string, work: () => Promise<T>): Promise<T>;
