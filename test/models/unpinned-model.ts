import { MODELS, type ModelEntry } from '../../src/server/models/catalog.ts';
import { type FakeHub, sha256 } from './fake-hub.ts';

/** A model of the catalogue whose bytes nobody pins, so that a fake hub can say what they are. */
export function unpinnedModel(): ModelEntry {
  const entry = MODELS.find(({ files }) => files.every((file) => file.sha256 === null && !file.archive));
  if (!entry) throw new Error('Every model of the catalogue is pinned: choose another way.');
  return entry;
}

/** Lets the hub have the first file of a model, and tell its digest as Hugging Face does. */
export function serveModel(hub: FakeHub, { files: [file] }: ModelEntry, bytes: Buffer): void {
  const [, repository, path] = /huggingface\.co\/(.+)\/resolve\/main\/(.+)$/.exec(file?.url ?? '') ?? [];
  if (repository === undefined || path === undefined)
    throw new Error(`The fake hub can not have ${file?.url}.`);
  hub.addFile(repository, path, bytes);
  const lfs = { oid: sha256(bytes), size: bytes.length };
  const tree = [{ type: 'file', path, size: bytes.length, oid: 'a'.repeat(40), lfs }];
  hub.addJson(`/huggingface.co/api/models/${repository}/tree/main`, tree);
}
