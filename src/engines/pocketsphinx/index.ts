export { findPocketsphinx, POCKETSPHINX_REMEDY } from './find-pocketsphinx.ts';
export { type Pocketsphinx, pocketsphinx } from './pocketsphinx.ts';
