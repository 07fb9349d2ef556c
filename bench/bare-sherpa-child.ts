/** What hearing costs without Samtal: one process that calls the library, a chunk of 100 ms after the other. */
import { on } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describeModelFolder } from '../src/engines/sherpa/index.ts';
import type { SherpaOnnx } from '../src/engines/sherpa/sherpa-onnx.ts';

const [runtime = '', folder = ''] = process.argv.slice(2);
const SAMPLE_RATE = 16_000;
const CHUNK = SAMPLE_RATE / 10;
/** After the end, as Samtal has it. */
const TAIL = 0.8 * SAMPLE_RATE;

const asked = on(process, 'message', { close: ['disconnect'] });
const { config } = await describeModelFolder(folder);
// The package is not installed where the compiler looks.
const { default: sherpa } = (await import(pathToFileURL(runtime).href)) as { readonly default: SherpaOnnx };
const recognizer = new sherpa.OnlineRecognizer({
  modelConfig: { ...config, numThreads: 1, provider: 'cpu' },
  enableEndpoint: true,
  rule1MinTrailingSilence: 2.4,
  rule2MinTrailingSilence: 0.8,
  rule3MinUtteranceLength: 25,
});
process.send?.('ready');
for await (const [samples] of asked) {
  const startedAt = performance.now();
  const text = hear(Float32Array.from(samples as Int16Array, (sample) => sample / 32_768));
  process.send?.({ tookMs: performance.now() - startedAt, text });
}

function hear(samples: Float32Array): string {
  const stream = recognizer.createStream();
  for (let at = 0; at < samples.length; at += CHUNK) {
    stream.acceptWaveform({ samples: samples.slice(at, at + CHUNK), sampleRate: SAMPLE_RATE });
    while (recognizer.isReady(stream)) recognizer.decode(stream);
    recognizer.getResult(stream);
  }
  stream.acceptWaveform({ samples: new Float32Array(TAIL), sampleRate: SAMPLE_RATE });
  stream.inputFinished();
  while (recognizer.isReady(stream)) recognizer.decode(stream);
  return recognizer.getResult(stream).text;
}
