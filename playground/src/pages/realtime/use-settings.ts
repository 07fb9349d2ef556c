import { useCallback, useEffect, useState } from 'react';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { readSettings, writeSettings } from '../../realtime/stored-settings.ts';

/** Changes some fields of the settings. */
export type ChangeSettings = (change: Partial<RealtimeSettings>) => void;

/** Settings that outlive the tab, under `key`. */
export function useSettings(key: string): readonly [RealtimeSettings, ChangeSettings] {
  const [settings, setSettings] = useState(() => readSettings(localStorage.getItem(key)));
  useEffect(() => localStorage.setItem(key, writeSettings(settings)), [key, settings]);
  const change = useCallback<ChangeSettings>(
    (fields) => setSettings((before) => ({ ...before, ...fields })),
    [],
  );
  return [settings, change];
}
