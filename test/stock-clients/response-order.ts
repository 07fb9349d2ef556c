import assert from 'node:assert/strict';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { listIn, numberIn, objectIn, plainType, textIn, type WireObject } from './wire-event.ts';

interface ToldPart {
  readonly type: 'text' | 'audio';
  text: string;
  readonly ended: Set<string>;
}

interface ToldItem {
  readonly outputIndex: number;
  readonly type: string;
  readonly parts: ToldPart[];
  arguments: string;
  isTold: boolean;
  areArgumentsEnded: boolean;
  end: WireObject | undefined;
}

/** Holds the events of one response against contract 2.5 and 3.4, from `response.created` to `response.done`. */
export class ResponseOrder {
  readonly isOutOfBand: boolean;
  readonly #items = new Map<string, ToldItem>();
  readonly #sampleBytes: number;

  constructor({ response }: RealtimeEvent) {
    const begun = objectIn({ response }, 'response');
    assert.equal(begun['status'], 'in_progress');
    assert.deepEqual([begun['output'], begun['usage'] ?? null], [[], null], 'a response begins empty');
    this.isOutOfBand = begun['conversation_id'] === null;
    this.#sampleBytes = JSON.stringify(begun).match(/g711|pcmu|pcma/) ? 1 : 2;
  }

  /** An item came into the conversation. */
  tellItem(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    assert.ok(!this.isOutOfBand, 'an item out of band is not told as one of the conversation');
    item.isTold = true;
  }

  take(event: RealtimeEvent): void {
    const type = plainType(event);
    if (type === 'response.output_item.added') this.#begin(event);
    else if (type === 'response.output_item.done') this.#endItem(event);
    else if (type.startsWith('response.function_call_arguments')) this.#call(event);
    else this.#content(type, event);
  }

  end(response: WireObject): void {
    assert.notEqual(response['status'], 'in_progress');
    const output = listIn(response, 'output');
    assert.deepEqual(
      output.map(({ id }) => id),
      [...this.#items.keys()],
      'a response lists the items that were told of it',
    );
    for (const [index, [id, item]] of [...this.#items].entries()) {
      assert.ok(item.end, `item ${id} was begun and not ended`);
      assert.deepEqual(output[index], item.end, 'an item is at the end of its response as it was at its own');
    }
    if (response['usage']) checkUsage(objectIn(response, 'usage'));
    else assert.notEqual(response['status'], 'completed', 'a completed response counts its tokens');
  }

  #begin(event: RealtimeEvent): void {
    const item = objectIn(event, 'item');
    assert.equal(event['output_index'], this.#items.size, 'items are counted from 0');
    assert.equal(item['status'], 'in_progress');
    this.#items.set(textIn(item, 'id'), {
      outputIndex: this.#items.size,
      type: textIn(item, 'type'),
      parts: [],
      arguments: '',
      isTold: this.isOutOfBand,
      areArgumentsEnded: false,
      end: undefined,
    });
  }

  #item(id: string, event: RealtimeEvent): ToldItem {
    const item = this.#items.get(id);
    assert.ok(item && !item.end, `${event.type} belongs to an item that has begun and not ended`);
    assert.ok(item.isTold, `${event.type} comes after its item came into the conversation`);
    assert.equal(event['output_index'], item.outputIndex);
    return item;
  }

  #endItem(event: RealtimeEvent): void {
    const end = objectIn(event, 'item');
    const item = this.#item(textIn(end, 'id'), event);
    assert.notEqual(end['status'], 'in_progress');
    if (item.type === 'function_call') {
      assert.ok(item.areArgumentsEnded, 'arguments that began ended');
      assert.equal(end['arguments'], item.arguments);
    } else {
      for (const part of item.parts) assert.ok(part.ended.has('part'), 'a part that began ended');
      const content = listIn(end, 'content').map((part) => part['transcript'] ?? part['text']);
      assert.deepEqual(
        content,
        item.parts.map(({ text }) => text),
        'an item holds what its deltas add up to',
      );
    }
    item.end = end;
  }

  #call(event: RealtimeEvent): void {
    const item = this.#item(textIn(event, 'item_id'), event);
    assert.ok(!item.areArgumentsEnded, 'nothing follows the end of the arguments');
    if (event.type.endsWith('.delta')) {
      item.arguments += textIn(event, 'delta');
      return;
    }
    assert.equal(event['arguments'], item.arguments, 'the deltas of the arguments add up to them');
    assert.equal(typeof event['name'], 'string');
    item.areArgumentsEnded = true;
  }

  #content(type: string, event: RealtimeEvent): void {
    const item = this.#item(textIn(event, 'item_id'), event);
    const index = numberIn(event, 'content_index');
    if (type === 'response.content_part.added') {
      assert.equal(index, item.parts.length, 'parts are counted from 0');
      const part = objectIn(event, 'part');
      assert.equal(part['transcript'] ?? part['text'], '');
      item.parts.push({ type: part['type'] === 'audio' ? 'audio' : 'text', text: '', ended: new Set() });
      return;
    }
    const part = item.parts[index];
    assert.ok(part && !part.ended.has('part'), `${type} belongs to a part that has begun and not ended`);
    this.#part(type, event, part);
  }

  #part(type: string, event: RealtimeEvent, part: ToldPart): void {
    const kind = type.split('.').at(1) ?? '';
    assert.ok(!part.ended.has(kind), `nothing of ${kind} follows its end`);
    switch (type) {
      case 'response.text.delta':
      case 'response.audio_transcript.delta':
        part.text += textIn(event, 'delta');
        return;
      case 'response.audio.delta':
        this.#audio(textIn(event, 'delta'));
        return;
      case 'response.text.done':
        assert.equal(event['text'], part.text, 'the deltas of a text add up to it');
        break;
      case 'response.audio_transcript.done':
        assert.equal(event['transcript'], part.text, 'the deltas of a transcript add up to it');
        break;
      case 'response.audio.done':
        break;
      case 'response.content_part.done':
        this.#endPart(objectIn(event, 'part'), part);
        return;
      default:
        assert.fail(`${event.type} has no rule`);
    }
    part.ended.add(kind);
  }

  #audio(base64: string): void {
    const bytes = Buffer.from(base64, 'base64');
    assert.equal(bytes.toString('base64'), base64, 'audio is base64 without a fault');
    assert.ok(bytes.length > 0 && bytes.length % this.#sampleBytes === 0, 'audio comes in whole samples');
  }

  #endPart(end: WireObject, part: ToldPart): void {
    assert.equal(end['type'], part.type);
    assert.equal(end['transcript'] ?? end['text'], part.text, 'a part holds what its deltas add up to');
    const wanted = part.type === 'audio' ? ['audio', 'audio_transcript'] : ['text'];
    for (const kind of wanted) assert.ok(part.ended.has(kind), `${kind} ends before its part`);
    part.ended.add('part');
  }
}

function checkUsage(usage: WireObject): void {
  const input = numberIn(usage, 'input_tokens');
  const output = numberIn(usage, 'output_tokens');
  assert.equal(usage['total_tokens'], input + output);
  const inputs = objectIn(usage, 'input_token_details');
  assert.equal(numberIn(inputs, 'text_tokens') + numberIn(inputs, 'audio_tokens'), input);
  const outputs = objectIn(usage, 'output_token_details');
  assert.equal(numberIn(outputs, 'text_tokens') + numberIn(outputs, 'audio_tokens'), output);
}
