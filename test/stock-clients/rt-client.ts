import { LowLevelRTClient } from 'rt-client';
import { preview } from './dialect.ts';
import type { StockClient } from './driver.ts';
import type { Door } from './openai-node.ts';
import { PREVIEW_MODEL } from './served.ts';

/** The client of the Azure samples, which ends the connection at any event that it does not know. */
export function lowLevelRtClient({ recorder, key }: Door): StockClient {
  return {
    name: 'rt-client by LowLevelRTClient',
    dialect: preview,
    open: async (log) => {
      const client = new LowLevelRTClient(new URL(recorder.url), { key }, { deployment: PREVIEW_MODEL });
      const heard = (async () => {
        try {
          // Its events are among those that every driver hears.
          for await (const message of client.messages()) log.add({ ...message });
          log.end(new Error('The client closed.'));
        } catch (error) {
          log.end(new Error('The client broke off.', { cause: error }));
        }
      })();
      return {
        // The scenarios write what the server judges, beyond the types of one revision.
        send: async (event) => await client.send(event as never),
        close: async () => {
          await client.close();
          await heard;
        },
      };
    },
    cannot: { 'a transcription session': 'it can not ask for `intent=transcription`' },
  };
}
