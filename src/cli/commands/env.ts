import { existsSync } from 'node:fs';
import { readDefaultKey } from '../../server/auth/api-keys.ts';
import { openLocalIdentity } from '../../server/auth/local-identity.ts';
import { systemClock } from '../../util/clock.ts';
import { calledAs } from '../called-as.ts';
import { UsageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { requireRunningServer, type Target } from '../running-server.ts';
import { isShellName, SHELL_NAMES, shellLines, usualShell } from '../shell.ts';

export const env = defineCommand({
  name: 'env',
  options: {
    key: { type: 'boolean', description: 'Authenticate with the key instead of a managed identity.' },
    openai: { type: 'boolean', description: 'For the OpenAI API instead of that of Azure.' },
    shell: { type: 'string', value: 'name', description: `${SHELL_NAMES.join(', ')} or json.` },
  },
  run: async ({ options }) => {
    const shell = options.shell ?? usualShell(process.env, process.platform);
    if (shell !== 'json' && !isShellName(shell)) {
      throw new UsageError(
        `samtal env can not write for "${shell}"; it can for ${SHELL_NAMES.join(', ')} and json`,
      );
    }
    const target = await requireRunningServer();
    const wish = options.openai ? 'openai' : options.key ? 'key' : 'identity';
    const variables = { ...(await access(target, wish)), ...trust(target) };
    if (shell === 'json') {
      console.log(JSON.stringify(variables, null, 2));
      return;
    }
    const stale = ACCESS_VARIABLES.filter((name) => !Object.hasOwn(variables, name));
    console.log(shellLines(shell, variables, stale).join('\n'));
    if (process.stdout.isTTY && shell === 'bash')
      console.error(`\nTo set them in this shell: eval "$(${calledAs(process.env)} env)"`);
  },
});

type Wish = 'identity' | 'key' | 'openai';

/** The SDKs refuse some of these together, so those that are not set are unset. */
const ACCESS_VARIABLES = [
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_API_KEY',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'OPENAI_BASE_URL',
];

async function access(target: Target, wish: Wish): Promise<Record<string, string>> {
  const { home, server } = target;
  if (wish === 'openai') {
    return {
      OPENAI_BASE_URL: new URL('/v1', server.url).href,
      OPENAI_API_KEY: await readDefaultKey(home.directory),
    };
  }
  return {
    AZURE_OPENAI_ENDPOINT: new URL(server.url).origin,
    OPENAI_API_VERSION: '2025-01-01-preview',
    AZURE_OPENAI_DEPLOYMENT_NAME: 'gpt-4o-mini-audio-preview',
    ...(wish === 'identity' && (await givesTokens(target))
      ? await identityVariables(target)
      : { AZURE_OPENAI_API_KEY: await readDefaultKey(home.directory) }),
  };
}

/** The App Service form of a managed identity, which `DefaultAzureCredential` finds by these two. */
async function identityVariables({ home, server }: Target): Promise<Record<string, string>> {
  const identity = await openLocalIdentity({
    home: home.directory,
    issuer: () => server.url,
    clock: systemClock,
  });
  return { IDENTITY_ENDPOINT: new URL('/msi/token', server.url).href, IDENTITY_HEADER: identity.header };
}

async function givesTokens({ server }: Target): Promise<boolean> {
  const { ok } = await fetch(new URL('/msi/.well-known/openid-configuration', server.url));
  if (!ok)
    console.error('This server gives no tokens, as it is not on loopback alone; the key is used instead.');
  return ok;
}

/** Node adds to the authorities it trusts; OpenSSL and Python's requests replace them. */
function trust({ home }: Target): Record<string, string> {
  if (!existsSync(home.authorityFile) || !existsSync(home.trustBundleFile)) return {};
  return {
    NODE_EXTRA_CA_CERTS: home.authorityFile,
    SSL_CERT_FILE: home.trustBundleFile,
    REQUESTS_CA_BUNDLE: home.trustBundleFile,
  };
}
