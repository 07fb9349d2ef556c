import { useEffect, useState, useSyncExternalStore } from 'react';
import { RealtimeSession } from '../../realtime/realtime-session.ts';
import type { SessionState } from '../../realtime/session-state.ts';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { useCredential } from '../../server/credential-provider.tsx';

/** The session of a page, which ends with it and follows its settings. */
export function useSession(settings: RealtimeSettings): readonly [RealtimeSession, SessionState] {
  const { secret } = useCredential();
  const [session] = useState(() => new RealtimeSession({ settings, secret }));
  useEffect(() => {
    void session.change(settings);
  }, [session, settings]);
  useEffect(() => () => void session.disconnect(), [session]);
  return [session, useSyncExternalStore(session.store.subscribe, session.store.snapshot)];
}
