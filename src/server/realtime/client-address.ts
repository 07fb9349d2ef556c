import { BlockList, isIP, isIPv6 } from 'node:net';
import { plainAddress } from '../auth/loopback.ts';

/** Names of networks that a list of proxies may hold, as for other requests. */
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whom an upgrade comes from: the peer, or whom proxies that are believed say it comes from. */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trustProxy: boolean | readonly string[],
): string | undefined {
  if (trustProxy === false || peer === undefined) return peer;
  const stations = [forwardedFor ?? []]
    .flat()
    .flatMap((value) => value.split(',').map((entry) => entry.trim()))
    .filter((entry) => entry !== '');
  // Nearest first: each station was written by the one after it.
  const path = [peer, ...stations.toReversed()];
  if (trustProxy === true) return path.at(-1);
  const trusted = toBlockList(trustProxy);
  return path.find((address) => !isIn(trusted, address)) ?? path.at(-1);
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries.flatMap((one) => NETWORKS[one] ?? [one])) {
    const [address = '', prefix] = entry.split('/');
    if (isIP(address) === 0) continue;
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
