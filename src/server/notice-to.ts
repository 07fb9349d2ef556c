import type { FastifyReply } from 'fastify';

const NOTICE_HEADER = 'x-samtal-notice';

/**
 * Tells of what is not as it should be in an answer that is given all the same: the log, and in a header the
 * caller, unless the answer has begun to go out. Header values are ASCII (RFC 9110 5.5).
 */
export function noticeTo(reply: FastifyReply): (notice: string) => void {
  return (notice) => {
    reply.log.warn({ notice }, 'notice');
    if (reply.raw.headersSent) return;
    const before = reply.getHeader(NOTICE_HEADER);
    const all = before === undefined ? notice : `${String(before)} ${notice}`;
    reply.header(NOTICE_HEADER, all.replace(/[^\x20-\x7e]/g, '?'));
  };
}
