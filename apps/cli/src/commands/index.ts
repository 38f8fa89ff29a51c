import type { Topic } from '../add-command.js';
import type { AnyCommand } from '../command.js';
import { authCheck } from './auth-check.js';
import { catalogApprove } from './catalog-approve.js';
import { catalogCapture } from './catalog-capture.js';
import { catalogDiff } from './catalog-diff.js';
import { catalogDiscover } from './catalog-discover.js';
import { catalogHistory } from './catalog-history.js';
import { catalogList } from './catalog-list.js';
import { catalogPrune } from './catalog-prune.js';
import { catalogRender } from './catalog-render.js';
import { catalogSchemaDiff } from './catalog-schema-diff.js';
import { catalogServe } from './catalog-serve.js';
import { catalogStatus } from './catalog-status.js';
import { catalogVerify } from './catalog-verify.js';
import { catalogWhy } from './catalog-why.js';
import { check } from './check.js';
import { completion } from './completion.js';
import { drift } from './drift.js';
import { help } from './help.js';
import { hooksInstall } from './hooks-install.js';
import { hooksRemove } from './hooks-remove.js';
import { hooksRun } from './hooks-run.js';
import { impact } from './impact.js';
import { initCatalogue } from './init-catalogue.js';
import { init } from './init.js';
import { odpsAudit } from './odps-audit.js';
import { odpsCheck } from './odps-check.js';
import { odpsFix } from './odps-fix.js';
import { mcpInstall } from './mcp-install.js';
import { mcp } from './mcp.js';
import { override } from './override.js';
import { plan } from './plan.js';
import { pull } from './pull.js';
import { push } from './push.js';
import { semanticDiff } from './semantic-diff.js';
import { report } from './report.js';
import { requestsClose } from './requests-close.js';
import { requestsComment } from './requests-comment.js';
import { requestsList } from './requests-list.js';
import { requestsMerge } from './requests-merge.js';
import { requestsReopen } from './requests-reopen.js';
import { requestsShow } from './requests-show.js';
import { registryAdd } from './registry-add.js';
import { registryPause } from './registry-pause.js';
import { registryRemove } from './registry-remove.js';
import { registryResume } from './registry-resume.js';
import { resolve } from './resolve.js';
import { schema } from './schema.js';
import { rollback } from './rollback.js';
import { rolloutAbort } from './rollout-abort.js';
import { rolloutResume } from './rollout-resume.js';
import { rolloutStatus } from './rollout-status.js';
import { schemasCheck } from './schemas-check.js';
import { schemasExtract } from './schemas-extract.js';
import { skillsAbsorb } from './skills-absorb.js';
import { skillsGenerate } from './skills-generate.js';
import { skillsList } from './skills-list.js';
import { skillsShim } from './skills-shim.js';
import { skillsValidate } from './skills-validate.js';
import { skillsWatch } from './skills-watch.js';
import { stateDelete } from './state-delete.js';
import { stateExport } from './state-export.js';
import { stateGet } from './state-get.js';
import { stateImport } from './state-import.js';
import { stateList } from './state-list.js';
import { stateSet } from './state-set.js';
import { status } from './status.js';
import { sync } from './sync.js';
import { targetsForget } from './targets-forget.js';
import { targetsList } from './targets-list.js';
import { validate } from './validate.js';
import { verify } from './verify.js';
import { version } from './version.js';
import { why } from './why.js';

/** The first words that several commands share. */
export const topics: Readonly<Record<string, Topic>> = {
  auth: { summary: 'logins of the hosts that targets are on', group: 'Set up' },
  rollout: { summary: 'a release, one part of the targets after the other', group: 'Distribute' },
  registry: { summary: 'who receives files, who no more, and who is held', group: 'Distribute' },
  targets: { summary: 'the repositories that receive files', group: 'Look' },
  requests: { summary: 'change requests of the targets, on any forge', group: 'Change requests' },
  hooks: { summary: 'a git hook that checks what is staged', group: 'Check files' },
  odps: { summary: 'dbt projects as data products', group: 'Check files' },
  schemas: { summary: 'JSON Schemas from exported TypeScript types', group: 'Check files' },
  skills: { summary: 'files rendered from the state of skills', group: 'Skills' },
  state: { summary: 'the state of skills: keys and values', group: 'Skills' },
  catalog: {
    summary: 'tools of MCP servers: intended, live, and what a change breaks',
    group: 'Catalogs',
  },
};

/** Every command, in the order of the help. */
export const commands: readonly AnyCommand[] = [
  init,
  initCatalogue,
  authCheck,
  schema,
  completion,
  help,
  version,

  plan,
  sync,
  resolve,
  override,
  rollback,
  rolloutStatus,
  rolloutResume,
  rolloutAbort,
  registryAdd,
  registryRemove,
  registryPause,
  registryResume,

  drift,
  status,
  check,
  report,
  impact,
  targetsList,
  targetsForget,
  why,
  verify,

  requestsList,
  requestsShow,
  requestsMerge,
  requestsComment,
  requestsClose,
  requestsReopen,

  validate,
  hooksInstall,
  hooksRemove,
  hooksRun,
  schemasExtract,
  schemasCheck,

  skillsList,
  skillsValidate,
  skillsGenerate,
  skillsAbsorb,
  skillsWatch,
  skillsShim,
  stateList,
  stateGet,
  stateSet,
  stateDelete,
  stateExport,
  stateImport,

  odpsAudit,
  odpsFix,
  odpsCheck,

  pull,
  push,
  semanticDiff,

  mcp,
  mcpInstall,
  catalogCapture,
  catalogRender,
  catalogDiff,
  catalogSchemaDiff,
  catalogVerify,
  catalogServe,
  catalogStatus,
  catalogApprove,
  catalogHistory,
  catalogList,
  catalogWhy,
  catalogDiscover,
  catalogPrune,
];
