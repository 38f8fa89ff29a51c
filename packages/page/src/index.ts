export { renderPage, renderPiece } from './document.js';
export type { PageOptions } from './document.js';
export { alertsPage, fleetPage, targetPage } from './fleet-page.js';
export type { Addresses } from './fleet-page.js';
export type { AlertView, FleetRow, FleetView, OutcomeView, RunView } from './fleet-view.js';
export { html } from './html.js';
export { outcomeRow, runPage, runState, runTable } from './run-page.js';
export { rolloutsPage } from './rollouts-page.js';
export type { RolloutView } from './rollouts-page.js';
