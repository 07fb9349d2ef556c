import { Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import { drawMeter } from './draw-meter.ts';
import { text } from './text.ts';
import { useDecimal } from './use-decimal.ts';
import classes from './voice-meter.module.css';

interface VoiceMeterProps {
  readonly session: RealtimeSession;
  /** What is set; the server's own word, where it sends one, goes before it. */
  readonly threshold: number | undefined;
}

/** How sure the server is that somebody speaks, against what it asks for; without its word, how loud it is. */
export function VoiceMeter({ session: { meter, now }, threshold }: VoiceMeterProps): ReactNode {
  const words = useText(text);
  const decimal = useDecimal();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [told, setTold] = useState<{ readonly hasScores: boolean; readonly threshold: number | undefined }>({
    hasScores: false,
    threshold: undefined,
  });
  useEffect(() => {
    let frame = requestAnimationFrame(function draw() {
      if (canvas.current) drawMeter(canvas.current, meter.points, now());
      const { hasScores, threshold: asked } = meter;
      setTold((before) =>
        before.hasScores === hasScores && before.threshold === asked
          ? before
          : { hasScores, threshold: asked },
      );
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [meter, now]);
  const label = told.hasScores ? words.meterScore : words.meterLevel;
  const line = told.hasScores ? (told.threshold ?? threshold) : undefined;
  return (
    <div>
      <div className={classes['meter']} role="img" aria-label={label}>
        <canvas ref={canvas} className={classes['canvas']} />
        {line !== undefined && (
          <div className={classes['threshold']} style={{ top: `${(1 - line) * 100}%` }}>
            <span>{words.meterThreshold(decimal(line))}</span>
          </div>
        )}
      </div>
      <Text size="xs" c="dimmed" mt={4}>
        {label}
      </Text>
    </div>
  );
}
