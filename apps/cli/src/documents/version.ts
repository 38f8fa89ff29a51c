import { z } from 'zod';

export const versionDocument = z.object({
  version: z.string().describe('of Holdfast'),
  node: z.string().optional().describe('of Node.js'),
  platform: z.string().optional().describe('the operating system and the processor: linux-x64'),
});
