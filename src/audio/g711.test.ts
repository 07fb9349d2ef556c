import { expect, test } from 'vitest';
import { compressG711, expandG711 } from './g711.ts';

const everySample = Int16Array.from({ length: 65536 }, (_, index) => index - 32768);
const everyOctet = Uint8Array.from({ length: 256 }, (_, octet) => octet);

/** The µ-law rule of ITU-T G.711 by search, as the software tools of G.191 state it. */
function mulawBySearch(sample: number): number {
  const biased = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff);
  let segment = 1;
  for (let rest = biased >> 6; rest !== 0; rest >>= 1) segment += 1;
  const octet = ((8 - segment) << 4) | (15 - ((biased >> segment) & 15));
  return sample >= 0 ? octet | 0x80 : octet;
}

/** The A-law rule, likewise. */
function alawBySearch(sample: number): number {
  let magnitude = (sample < 0 ? ~sample : sample) >> 4;
  if (magnitude > 15) {
    let exponent = 1;
    for (; magnitude > 31; magnitude >>= 1) exponent += 1;
    magnitude += (exponent << 4) - 16;
  }
  return (sample >= 0 ? magnitude | 0x80 : magnitude) ^ 0x55;
}

test('µ-law and A-law compress every sample as the standard does', () => {
  expect(compressG711(everySample, 'mulaw')).toEqual(Uint8Array.from(everySample, mulawBySearch));
  expect(compressG711(everySample, 'alaw')).toEqual(Uint8Array.from(everySample, alawBySearch));
});

test('the values at the ends and in the middle of each table are those of G.711', () => {
  const octets = Uint8Array.of(0x00, 0x0f, 0x10, 0x7f, 0x80, 0x8f, 0x90, 0xff);
  expect([...expandG711(octets, 'mulaw')]).toEqual([-32124, -16764, -15996, 0, 32124, 16764, 15996, 0]);
  const evenInverted = Uint8Array.of(0x2a, 0x55, 0xaa, 0xd5, 0xd4, 0x80);
  expect([...expandG711(evenInverted, 'alaw')]).toEqual([-32256, -8, 32256, 8, 24, 5504]);
});

test('expanding and compressing again changes no octet but the µ-law negative zero', () => {
  expect(compressG711(expandG711(everyOctet, 'alaw'), 'alaw')).toEqual(everyOctet);
  const mulaw = compressG711(expandG711(everyOctet, 'mulaw'), 'mulaw');
  expect(mulaw).toEqual(everyOctet.map((octet) => (octet === 0x7f ? 0xff : octet)));
});
