import type { Logger } from 'pino';
import type { FleetHost } from '../host/fleet-host.js';
import type { RunService } from '../jobs/run-service.js';
import type { Database } from '../store/database.js';
import type { WebhookSecrets } from '../triggers/read-delivery.js';
import type { SignIn } from './authenticate.js';
import type { Metrics } from './metrics.js';
import type { OidcSettings } from './oidc.js';

/** What the service answers from. */
export interface ServiceContext {
  readonly database: Database;
  readonly host: FleetHost;
  readonly runs: RunService;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly signIn: SignIn;
  readonly secrets: WebhookSecrets;
  readonly oidc?: OidcSettings;
  readonly clock: () => Date;
  /** Says whether the queue runs: the answer of `/readyz`. */
  readonly isReady: () => Promise<boolean>;
  /** The version of the worker, for the API's description. */
  readonly version: string;
}
