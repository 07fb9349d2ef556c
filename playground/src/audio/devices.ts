import { useEffect, useState } from 'react';

export interface AudioDevices {
  readonly inputs: readonly AudioDevice[];
  readonly outputs: readonly AudioDevice[];
}

export interface AudioDevice {
  readonly deviceId: string;
  /** Empty until the person has let the page hear. */
  readonly label: string;
}

const NONE: AudioDevices = { inputs: [], outputs: [] };

/** What can be heard and spoken through, as devices come and go; asked anew when `refresh` changes. */
export function useAudioDevices(refresh: unknown): AudioDevices {
  const [devices, setDevices] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are told only after a permission, of which no event tells
  useEffect(() => {
    let isCurrent = true;
    const list = () => {
      void listDevices().then((found) => {
        if (isCurrent) setDevices(found);
      });
    };
    list();
    navigator.mediaDevices?.addEventListener('devicechange', list);
    return () => {
      isCurrent = false;
      navigator.mediaDevices?.removeEventListener('devicechange', list);
    };
  }, [refresh]);
  return devices;
}

async function listDevices(): Promise<AudioDevices> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const ofKind = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  return { inputs: ofKind('audioinput'), outputs: ofKind('audiooutput') };
}
