import { expect, test } from 'vitest';
import * as page from './index.js';

test('exports', () => {
  expect(Object.keys(page).sort()).toEqual([
    'alertsPage',
    'fleetPage',
    'html',
    'outcomeRow',
    'renderPage',
    'renderPiece',
    'rolloutsPage',
    'runPage',
    'runState',
    'runTable',
    'targetPage',
  ]);
});
