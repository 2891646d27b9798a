import { type DestinationStream, pino } from 'pino';
import { type LogEvent, type LogLevel, levelOf } from './events.ts';

export type Log = (event: LogEvent) => void;

/** A log of typed events, one JSON a line. */
export function createLog(options: {
  readonly level: LogLevel | 'silent';
  readonly destination?: DestinationStream;
}): Log {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger =
    options.destination === undefined
      ? pino(settings, pino.destination(2))
      : pino(settings, options.destination);
  return (event) => {
    logger[levelOf(event)](event);
  };
}
