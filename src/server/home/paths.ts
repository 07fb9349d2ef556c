import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where everything lies that Samtal keeps on this machine. */
export interface Home {
  readonly directory: string;
  /** Tells the other commands which server is running: `running.ts`. */
  readonly runningFile: string;
  /** Held by the one server that uses this home: `claim.ts`. */
  readonly claimFile: string;
  readonly tlsDirectory: string;
  /** What `samtal pull` gets: `server/packages`. */
  readonly enginesDirectory: string;
  /** Weights of engines. */
  readonly modelsDirectory: string;
  /** The development authority's certificate, for clients that add to their trust. */
  readonly authorityFile: string;
  /** The system's roots and the development authority, for clients that replace their trust. */
  readonly trustBundleFile: string;
}

export function homeAt(directory: string): Home {
  const tlsDirectory = join(directory, 'tls');
  return {
    directory,
    runningFile: join(directory, 'running.json'),
    claimFile: join(directory, 'server.lock'),
    tlsDirectory,
    enginesDirectory: join(directory, 'engines'),
    modelsDirectory: join(directory, 'models'),
    authorityFile: join(tlsDirectory, 'authority.pem'),
    trustBundleFile: join(tlsDirectory, 'bundle.pem'),
  };
}

/** `SAMTAL_HOME`, or the folder the platform keeps for an application's data. Creates nothing. */
export function findHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Home {
  if (env['SAMTAL_HOME']) return homeAt(resolve(env['SAMTAL_HOME']));
  const user = env['HOME'] || env['USERPROFILE'] || homedir();
  switch (platform) {
    case 'darwin':
      return homeAt(join(user, 'Library', 'Application Support', 'samtal'));
    case 'win32':
      return homeAt(join(env['LOCALAPPDATA'] || join(user, 'AppData', 'Local'), 'samtal'));
    default:
      return homeAt(join(env['XDG_DATA_HOME'] || join(user, '.local', 'share'), 'samtal'));
  }
}
