import { afterEach, describe, expect, test } from 'vitest';
import { checkRecording } from './check-recording.ts';
import type { StockClient } from './driver.ts';
import type { Recorder } from './recorder.ts';
import { SCENARIOS } from './scenarios.ts';
import { leftOut } from './served.ts';

export interface Stages {
  readonly recorder: Recorder;
  readonly question: Int16Array;
}

/** Every scenario with every client; what was recorded of each is held against the contract. */
export function describeClients(clients: readonly StockClient[], { recorder, question }: Stages): void {
  afterEach(({ task }) => {
    const connections = recorder.take();
    if (task.mode === 'run') expect(connections.length).toBeGreaterThan(0);
    for (const connection of connections)
      checkRecording(connection, { isWhole: task.name !== 'a reconnect' });
  });

  describe.each(clients)('$name', { timeout: 60_000 }, (client) => {
    for (const [name, play] of Object.entries(SCENARIOS)) {
      const reason = client.cannot?.[name] ?? leftOut(name);
      test.skipIf(reason)(reason ? `${name}: ${reason}` : name, async () => {
        await play({ client, question });
      });
    }
  });
}
