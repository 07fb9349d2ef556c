import { AzureOpenAI, OpenAI } from 'openai';
import { OpenAIRealtimeWS as BetaRealtimeWS } from 'openai/beta/realtime/ws';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { AzureOpenAI as AzureOpenAIv6 } from 'openai-v6';
import { OpenAIRealtimeWS as RealtimeWSv6 } from 'openai-v6/realtime/ws';
import type { WebSocket } from 'ws';
import { ga, preview } from './dialect.ts';
import type { Driver, EventLog, StockClient } from './driver.ts';
import type { Recorder } from './recorder.ts';
import { GA_MODEL, PREVIEW_MODEL } from './served.ts';

/** Where the clients connect, and with which key. */
export interface Door {
  readonly recorder: Recorder;
  readonly key: string;
}

const API_VERSION = '2025-04-01-preview';

const NO_INTENT = { 'a transcription session': 'it can not ask for `intent=transcription`' };

/** The helpers of the `openai` package for Node: all of them write `wss:`, whatever the address says. */
export function openaiNodeClients({ recorder, key }: Door): readonly StockClient[] {
  const options = { ca: recorder.authority };
  const openai = new OpenAI({ baseURL: `${recorder.secureUrl}/v1`, apiKey: key });
  const azureOptions = { endpoint: recorder.secureUrl, apiKey: key, apiVersion: API_VERSION };
  const azure = new AzureOpenAI(azureOptions);
  const azureV6 = new AzureOpenAIv6(azureOptions);
  return [
    {
      name: 'openai 7 GA',
      dialect: ga,
      open: async (log, { intent }) =>
        await drive(
          new OpenAIRealtimeWS(intent ? { intent, options } : { model: GA_MODEL, options }, openai),
          log,
        ),
    },
    {
      name: 'openai 7 GA by .azure()',
      dialect: ga,
      open: async (log, { intent }) =>
        await drive(
          await OpenAIRealtimeWS.azure(
            azure,
            intent ? { intent, options } : { deploymentName: GA_MODEL, options },
          ),
          log,
        ),
    },
    {
      name: 'openai 7 beta',
      dialect: preview,
      open: async (log) => await drive(new BetaRealtimeWS({ model: PREVIEW_MODEL, options }, openai), log),
      cannot: NO_INTENT,
    },
    {
      name: 'openai 7 beta by .azure()',
      dialect: preview,
      open: async (log) =>
        await drive(await BetaRealtimeWS.azure(azure, { deploymentName: PREVIEW_MODEL, options }), log),
      cannot: NO_INTENT,
    },
    {
      name: 'openai 6 GA at the preview address',
      dialect: ga,
      open: async (log) =>
        await drive(await RealtimeWSv6.azure(azureV6, { deploymentName: PREVIEW_MODEL, options }), log),
      cannot: NO_INTENT,
    },
  ];
}

/** What the helpers of both majors and of both revisions have in common. */
interface Helper {
  readonly socket: WebSocket;
  send(event: never): void;
  close(): void;
}

type Listenable = Helper & {
  on(event: 'event', listener: (event: never) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
};

async function drive(helper: Helper, log: EventLog): Promise<Driver> {
  // The typed emitters list their own events; all of them take these two.
  const listenable = helper as Listenable;
  listenable.on('event', (event) => log.add(event));
  listenable.on('error', () => {});
  const { socket } = helper;
  const closed = new Promise<void>((resolve) => {
    socket.on('close', (code, reason) => {
      log.end(new Error(`Closed with ${code} ${reason.toString()}`));
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    // The scenarios write what the server judges, beyond the types of one revision.
    send: (event) => helper.send(event as never),
    close: async () => {
      helper.close();
      await closed;
    },
    cut: () => socket.terminate(),
  };
}
