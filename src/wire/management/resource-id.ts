/** The account that a management address names, under whatever subscription and resource group. */
export interface AccountPath {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly account: string;
}

export const ACCOUNT_TYPE = 'Microsoft.CognitiveServices/accounts';
export const DEPLOYMENT_TYPE = `${ACCOUNT_TYPE}/deployments`;

/** As a route: its parameters are the members of `AccountPath`. */
export const ACCOUNT_ROUTE = `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${ACCOUNT_TYPE}/:account`;

/** What resources call themselves, which is also the path that they are at. */
export function accountId({ subscription, resourceGroup, account }: AccountPath): string {
  const [inSubscription, inGroup, name] = [subscription, resourceGroup, account].map(encodeURIComponent);
  return `/subscriptions/${inSubscription}/resourceGroups/${inGroup}/providers/${ACCOUNT_TYPE}/${name}`;
}

export function deploymentId(account: AccountPath, name: string): string {
  return `${accountId(account)}/deployments/${encodeURIComponent(name)}`;
}
