import { useEffect } from 'react';
import { useDeployments } from '../../server/deployments.ts';
import { realtimeDeployments } from './realtime-deployments.ts';

interface DeploymentChoice {
  readonly deployment: string;
  /** Told of the first where the chosen one is not, or no longer, there. */
  readonly choose: (name: string) => void;
  readonly isLive: boolean;
}

/**
 * The names of the deployments that can converse, one of which is always chosen. `undefined` where the server
 * does not list them; it may still have one of a name that somebody knows.
 */
export function useDeploymentNames({
  deployment,
  choose,
  isLive,
}: DeploymentChoice): readonly string[] | undefined {
  const { deployments, error } = useDeployments();
  const names = deployments ? realtimeDeployments(deployments) : [];
  const first = names.includes(deployment) ? undefined : names[0];
  useEffect(() => {
    if (first !== undefined && !isLive) choose(first);
  });
  return error ? undefined : names;
}
