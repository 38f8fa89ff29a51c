import { createHmac } from 'node:crypto';
import { hashSha256 } from '@holdfast/manifest';
import type { Configuration } from '@holdfast/manifest';
import type { AlertMessage } from '@holdfast/sync';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';

/**
 * Makes what posts alerts to the `alerts.webhook` of a configuration, as JSON: `version` (1), `source`,
 * `alerts` and `over`. `X-Holdfast-Signature-256` is `sha256=` and the HMAC-SHA-256, in hexadecimal and
 * by the secret, of `X-Holdfast-Timestamp` (seconds since 1970), a full stop and the body;
 * `X-Holdfast-Delivery` is the same for the same message. A redirection is not followed.
 *
 * @throws FleetError `bad-argument` where none is configured, or its secret is not in the environment
 */
export function openAlertWebhook(
  { alerts }: Pick<Configuration, 'alerts'>,
  { environment, clock, signal }: Pick<FleetSurroundings, 'environment' | 'clock' | 'signal'>,
): (message: AlertMessage) => Promise<void> {
  const webhook = alerts?.webhook;
  if (!webhook) {
    throw new FleetError('bad-argument', 'the configuration has no alerts.webhook', {
      hint: 'add one: alerts: { webhook: { url: "https://…", secret_from_env: HOLDFAST_ALERT_SECRET } }',
    });
  }
  const { url, secret_from_env: variable, timeout_seconds: seconds } = webhook;
  const secret = environment[variable];
  if (secret === undefined || secret === '') {
    throw new FleetError(
      'bad-argument',
      `the environment has no ${variable}, the secret of alerts.webhook`,
      {
        hint: `set ${variable} to the secret that the receiver checks signatures with`,
      },
    );
  }
  return async (message) => {
    const body = JSON.stringify({ version: 1, ...message });
    const timestamp = String(Math.floor(clock().getTime() / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'holdfast',
        'x-holdfast-event': 'sync_alert',
        'x-holdfast-delivery': hashSha256(new TextEncoder().encode(body)).slice(0, 32),
        'x-holdfast-timestamp': timestamp,
        'x-holdfast-signature-256': `sha256=${signature}`,
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
    }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw failed(`${hostOf(url)} could not be reached`, cause);
    });
    await response.body?.cancel();
    if (!response.ok) throw failed(`${hostOf(url)} answered ${response.status}`);
  };
}

/** Paths and queries of such addresses are often secrets themselves. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function failed(message: string, cause?: unknown): FleetError {
  return new FleetError('webhook-failed', `alerts.webhook: ${message}`, {
    blame: 'environment',
    hint: 'the alerts are sent again by the next check --webhook',
    ...(cause === undefined ? {} : { cause }),
  });
}
