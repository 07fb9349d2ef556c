import { posix } from 'node:path';
import { z } from 'zod';
import type { Digest } from './figures.ts';
import type { Hub } from './hub.ts';
import { HubFault } from './hub-fault.ts';

export interface AskOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
}

export interface ToldFigures {
  readonly bytes?: number | undefined;
  readonly digest?: Digest;
}

/** The address that stands for what `samtal pull --to` has written down in a folder. */
export const FOLDER_FIGURES = 'https://samtal/figures.json';

/**
 * What the hub itself says of a file: the digests of a release of GitHub or the list of checksums that is in it, the
 * tree of a repository of Hugging Face, or what stands in a folder.
 * @throws {HubFault} when it can not be asked.
 */
export async function askHub(url: string, options: AskOptions): Promise<ToldFigures> {
  const written = await figuresOfFolder(url, options);
  if (written) return written;
  const file = /^https:\/\/huggingface\.co\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url);
  if (file) return await figuresOfTree(file, options);
  const asset = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/releases\/download\/([^/]+)\/([^/]+)$/.exec(url);
  return asset
    ? await figuresOfAsset(asset, url, options)
    : { bytes: await options.hub.sizeOf(url, options) };
}

const folderSchema = z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() }));

async function figuresOfFolder(url: string, options: AskOptions): Promise<ToldFigures | undefined> {
  if (options.hub.isPublic) return undefined;
  const told = await readJson(FOLDER_FIGURES, folderSchema, options);
  const figures = told?.[url];
  return figures && { bytes: figures.bytes, digest: { algorithm: 'sha256', value: figures.sha256 } };
}

const treeSchema = z.array(
  z.object({
    path: z.string(),
    size: z.number(),
    /** Of the blob in git: of a pointer where `lfs` is there. */
    oid: z.string(),
    lfs: z.object({ oid: z.string(), size: z.number() }).optional(),
  }),
);

/** https://huggingface.co/docs/hub/api: the entries of one folder. */
async function figuresOfTree(
  [, repository, revision, path]: RegExpExecArray,
  options: AskOptions,
): Promise<ToldFigures> {
  const wanted = decodeURIComponent(path ?? '');
  const folder = posix.dirname(wanted);
  const address = `https://huggingface.co/api/models/${repository}/tree/${revision}${folder === '.' ? '' : `/${folder}`}`;
  const entry = (await readJson(address, treeSchema, options))?.find((each) => each.path === wanted);
  if (!entry) return {};
  return entry.lfs
    ? { bytes: entry.lfs.size, digest: { algorithm: 'sha256', value: entry.lfs.oid } }
    : { bytes: entry.size, digest: { algorithm: 'git-blob', value: entry.oid } };
}

const releaseSchema = z.object({
  assets: z.array(z.object({ name: z.string(), size: z.number(), digest: z.string().nullish() })),
});

/** https://docs.github.com/en/rest/releases: assets that are older than the summer of 2025 have no digest there. */
async function figuresOfAsset(
  [, repository, tag, name]: RegExpExecArray,
  url: string,
  options: AskOptions,
): Promise<ToldFigures> {
  const asset = (await releaseOf(repository, tag, options))?.assets.find((each) => each.name === name);
  const bytes = asset?.size ?? (await options.hub.sizeOf(url, options));
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(asset?.digest ?? '')?.[1] ?? (await checksumOf(url, options));
  return { bytes, ...(sha256 !== undefined && { digest: { algorithm: 'sha256', value: sha256 } }) };
}

/** `undefined` where GitHub does not tell, as when too many behind one address have asked within the hour. */
async function releaseOf(
  repository: string | undefined,
  tag: string | undefined,
  options: AskOptions,
): Promise<z.infer<typeof releaseSchema> | undefined> {
  const address = `https://api.github.com/repos/${repository}/releases/tags/${tag}`;
  try {
    return await readJson(address, releaseSchema, options);
  } catch (error) {
    if (error instanceof HubFault && !error.isPassing) return undefined;
    throw error;
  }
}

/** The releases of sherpa-onnx have a list of their assets in them: a name and a digest a line, in either order. */
async function checksumOf(url: string, { hub, signal }: AskOptions): Promise<string | undefined> {
  const name = posix.basename(url);
  const list = await hub.readText(posix.join(posix.dirname(url), 'checksum.txt').replace(':/', '://'), {
    signal,
  });
  for (const line of list?.split('\n') ?? []) {
    const words = line.trim().split(/\s+/);
    const digest = words.find((word) => /^[0-9a-f]{64}$/.test(word));
    if (digest !== undefined && words.includes(name)) return digest;
  }
  return undefined;
}

async function readJson<T>(
  address: string,
  schema: z.ZodType<T>,
  { hub, signal }: AskOptions,
): Promise<T | undefined> {
  const text = await hub.readText(address, { signal });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HubFault(`${address} answers with something else than it should`, { isPassing: false, cause });
  }
}
