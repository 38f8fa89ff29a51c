import type { GitConnectionType } from '../git/normalize-remote.js';

/** What the platform said when it was asked, as far as the audit needs it. */
export interface PlatformState {
  /** For example `https://api.entropy-data.com`, without a slash at its end. */
  readonly host: string;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  /** The product and its git connection; undefined where the project has no product yet. */
  readonly product: PublishedResource | undefined;
  /** The output contracts by id. */
  readonly contracts: ReadonlyMap<string, PublishedResource>;
  /** The agreements under which the product reads from others; undefined where it is not published. */
  readonly access: readonly AccessAgreement[] | undefined;
  /** The contracts of providers by id, as they are published now. */
  readonly inputContracts: ReadonlyMap<string, unknown>;
}

/** A product or contract that is published or not, and its git connection. */
export type PublishedResource =
  | { readonly kind: 'unpublished' }
  | { readonly kind: 'unconnected' }
  | { readonly kind: 'connected'; readonly connection: GitConnection };

export interface GitConnection {
  readonly repositoryUrl: string;
  readonly repositoryPath: string;
  readonly repositoryBranch: string;
  readonly gitConnectionType?: GitConnectionType;
  readonly host?: string;
  readonly gitCredentialExternalId?: string;
  readonly syncStatus?: 'UP_TO_DATE' | 'LOCAL_IS_NEWER' | 'REMOTE_IS_NEWER' | 'CONFLICT';
}

export interface AccessAgreement {
  readonly active: boolean;
  readonly dataProductId: string;
  readonly outputPortId: string;
  readonly contractId?: string;
}
