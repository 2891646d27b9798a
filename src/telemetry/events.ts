import { type ErrorCode } from '../domain/errors.ts';
import { type Outcome } from '../domain/record.ts';

/**
 * Everything Cordon may log: an allow-list of typed events, so that no object with a caller's text in it can reach
 * the log by accident.
 */
export type LogEvent =
  | {
      readonly event: 'started';
      readonly url: string;
      readonly adminUrl: string;
      readonly environment: string;
    }
  | { readonly event: 'stopping'; readonly reason: string; readonly openCalls: number }
  | { readonly event: 'stopped' }
  | { readonly event: 'database'; readonly state: string }
  | {
      readonly event: 'model_loaded';
      readonly model: string;
      /** Execution provider, or `remote`. */
      readonly provider: string;
      readonly ms: number;
      /** Words, characters or subwords a second in a short self-test. */
      readonly tokensPerSecond: number;
      /** Providers that were tried first, and why they were not taken. */
      readonly refused: readonly string[];
    }
  | { readonly event: 'model_unreachable'; readonly model: string; readonly reason: string }
  | { readonly event: 'model_thread'; readonly state: 'ended' | 'replaced' | 'not_replaced' }
  | { readonly event: 'model_server_started'; readonly url: string; readonly model: string }
  | {
      readonly event: 'inference';
      readonly status: number;
      readonly rows: number;
      readonly ms: number;
    }
  | { readonly event: 'policy_loaded'; readonly hash: string }
  | { readonly event: 'policy_refused'; readonly problems: number; readonly first: string }
  | { readonly event: 'policy_alert'; readonly kind: string }
  | {
      readonly event: 'call';
      readonly requestId: string;
      readonly operation: string;
      readonly outcome: Outcome | 'refused';
      readonly status: number;
      readonly code?: ErrorCode;
      readonly ms: number;
    }
  | {
      readonly event: 'call_failed';
      readonly requestId: string;
      readonly code: ErrorCode;
      readonly detail: string;
    }
  | { readonly event: 'audit_alert'; readonly requestId: string; readonly code: ErrorCode }
  /** What a call used was not counted against its budget. */
  | { readonly event: 'quota_alert'; readonly requestId: string; readonly code: ErrorCode }
  /** A sink does not take checkpoints; it is tried again, and has the newest when it answers. */
  | { readonly event: 'checkpoint_failed'; readonly sink: string }
  /** The keyring or the key service does not answer; the keys that were read before are still used. */
  | { readonly event: 'keys_unreadable' }
  /** The oldest key encryption key is that old: until it is destroyed, backups can still show what was erased. */
  | { readonly event: 'keys_overdue'; readonly days: number }
  /** Retention, or carrying on what a crash interrupted; tried again later. */
  | { readonly event: 'lifecycle_failed'; readonly task: string }
  /** An export could not be made and is tried again; a class name. */
  | { readonly event: 'export_failed'; readonly error: string }
  | { readonly event: 'crashed'; readonly kind: string; readonly stack: string };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const LEVELS: Readonly<Record<LogEvent['event'], LogLevel>> = {
  started: 'info',
  stopping: 'info',
  stopped: 'info',
  database: 'info',
  model_loaded: 'info',
  model_unreachable: 'error',
  model_thread: 'warn',
  model_server_started: 'info',
  inference: 'debug',
  policy_loaded: 'info',
  policy_refused: 'error',
  policy_alert: 'error',
  call: 'info',
  call_failed: 'warn',
  audit_alert: 'error',
  quota_alert: 'error',
  checkpoint_failed: 'error',
  keys_unreadable: 'error',
  keys_overdue: 'warn',
  lifecycle_failed: 'error',
  export_failed: 'error',
  crashed: 'error',
};

export function levelOf(event: LogEvent): LogLevel {
  return LEVELS[event.event];
}
