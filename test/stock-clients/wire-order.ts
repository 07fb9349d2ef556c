import assert from 'node:assert/strict';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { ResponseOrder } from './response-order.ts';
import { numberIn, objectIn, textIn } from './wire-event.ts';

/**
 * Holds what a server tells on one connection against the order that clients rely on (contract 2.5 and 3.4),
 * in either revision: give it every event as it came; it throws at the first that breaks a rule.
 */
export class WireOrder {
  readonly #eventIds = new Set<string>();
  /** Items that stand in the conversation, and those that stood there. */
  readonly #items = new Set<string>();
  readonly #everTold = new Set<string>();
  /** Items of GA that were added and are not done. */
  readonly #unfinished = new Set<string>();
  readonly #live = new Map<string, ResponseOrder>();
  readonly #ended = new Set<string>();
  /** What the deltas of a transcript add up to, by item. */
  readonly #captions = new Map<string, string>();
  /** Items whose transcript has ended. */
  readonly #transcripts = new Set<string>();
  readonly #hasCaptions: boolean;
  #speech: { readonly itemId: string; readonly startMs: number } | undefined;
  #committed: string | undefined;
  #rateLimits = 0;
  #isRefused = false;

  /** `hasCaptions`: whether the client is of a revision that knows deltas of transcripts. */
  constructor({ hasCaptions = true } = {}) {
    this.#hasCaptions = hasCaptions;
  }

  take(event: RealtimeEvent): void {
    const id = textIn(event, 'event_id');
    assert.ok(!this.#eventIds.has(id), `the event id ${id} is used once`);
    const isFirst = this.#eventIds.size === 0;
    this.#eventIds.add(id);
    assert.ok(!this.#isRefused, 'nothing follows the error that refuses a session');
    this.#isRefused = isFirst && event.type === 'error';
    if (this.#isRefused) return;
    assert.equal(isFirst, /session\.created$/.test(event.type), 'a session is created once, and first');
    if (event.type.startsWith('response.')) this.#response(event);
    else if (event.type.startsWith('conversation.item.input_audio_transcription')) this.#transcript(event);
    else if (event.type.startsWith('conversation.item.')) this.#item(event);
    else if (event.type.startsWith('input_audio_buffer.')) this.#buffer(event);
    else if (event.type === 'rate_limits.updated') {
      this.#rateLimits += 1;
      assert.ok(this.#rateLimits <= this.#ended.size, 'limits are told once after a response');
    }
  }

  /** What must hold where the client did not leave in the middle of a response. */
  finish(): void {
    assert.deepEqual([...this.#live.keys()], [], 'every response has ended');
    assert.deepEqual([...this.#unfinished], [], 'every item that was added is done');
  }

  #response(event: RealtimeEvent): void {
    if (event.type === 'response.created') {
      const id = textIn(objectIn(event, 'response'), 'id');
      assert.ok(!this.#live.has(id) && !this.#ended.has(id), 'a response is created once');
      const response = new ResponseOrder(event);
      const others = [...this.#live.values()].filter((other) => !other.isOutOfBand);
      assert.ok(response.isOutOfBand || others.length === 0, 'one response writes to the conversation');
      this.#live.set(id, response);
      return;
    }
    const done = event.type === 'response.done' ? objectIn(event, 'response') : undefined;
    const id = done ? textIn(done, 'id') : textIn(event, 'response_id');
    const response = this.#live.get(id);
    assert.ok(response, `${event.type} belongs to a response that was created and is not done`);
    if (!done) {
      response.take(event);
      return;
    }
    response.end(done);
    this.#live.delete(id);
    this.#ended.add(id);
  }

  #item(event: RealtimeEvent): void {
    switch (event.type) {
      case 'conversation.item.created':
      case 'conversation.item.added':
        this.#add(event);
        return;
      case 'conversation.item.done': {
        const { id } = objectIn(event, 'item');
        assert.ok(this.#unfinished.delete(String(id)), 'an item is done once, after it was added');
        this.#assertPrevious(event);
        return;
      }
      case 'conversation.item.deleted':
        assert.ok(this.#items.delete(textIn(event, 'item_id')), 'an item that is deleted was told');
        return;
      case 'conversation.item.retrieved':
        assert.ok(this.#items.has(textIn(objectIn(event, 'item'), 'id')), 'an item retrieved was told');
        return;
      default:
        assert.ok(this.#items.has(textIn(event, 'item_id')), `${event.type} is about an item that was told`);
    }
  }

  #add(event: RealtimeEvent): void {
    const id = textIn(objectIn(event, 'item'), 'id');
    assert.ok(!this.#everTold.has(id), 'an item is told of once');
    this.#assertPrevious(event);
    if (this.#committed !== undefined) assert.equal(id, this.#committed, 'its item follows a commit');
    this.#committed = undefined;
    this.#items.add(id);
    this.#everTold.add(id);
    if (event.type.endsWith('.added')) this.#unfinished.add(id);
    for (const response of this.#live.values()) response.tellItem(id);
  }

  #assertPrevious(event: RealtimeEvent): void {
    const previous = event['previous_item_id'];
    assert.notEqual(previous, undefined, `${event.type} says what it follows`);
    if (previous === null) return;
    const id = textIn(event, 'previous_item_id');
    assert.ok(this.#items.has(id), `the item before, ${id}, was told`);
  }

  #buffer(event: RealtimeEvent): void {
    switch (event.type) {
      case 'input_audio_buffer.speech_started': {
        const itemId = textIn(event, 'item_id');
        assert.ok(!this.#everTold.has(itemId), 'a turn has an item of its own');
        this.#speech = { itemId, startMs: numberIn(event, 'audio_start_ms') };
        return;
      }
      case 'input_audio_buffer.speech_stopped':
        assert.equal(event['item_id'], this.#speech?.itemId, 'speech that stops has started');
        assert.ok(numberIn(event, 'audio_end_ms') > (this.#speech?.startMs ?? Infinity));
        return;
      case 'input_audio_buffer.committed':
        this.#assertPrevious(event);
        assert.equal(this.#committed, undefined);
        this.#committed = textIn(event, 'item_id');
        if (this.#speech) assert.equal(this.#committed, this.#speech.itemId, 'a turn keeps its item');
        this.#speech = undefined;
        return;
      default:
        this.#speech = undefined;
    }
  }

  #transcript(event: RealtimeEvent): void {
    const id = textIn(event, 'item_id');
    assert.ok(!this.#transcripts.has(id), 'nothing of a transcript follows its end');
    const told = this.#captions.get(id) ?? '';
    if (event.type.endsWith('.delta')) {
      assert.notEqual(textIn(event, 'delta'), '');
      this.#captions.set(id, told + textIn(event, 'delta'));
      return;
    }
    assert.ok(this.#everTold.has(id), 'a transcript ends after its item was told');
    if (event.type.endsWith('.completed') && this.#hasCaptions)
      assert.equal(textIn(event, 'transcript'), told, 'the deltas of a transcript add up to it');
    this.#transcripts.add(id);
  }
}
