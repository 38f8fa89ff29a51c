import { defineCommand } from '../command.js';

export const completion = defineCommand({
  name: 'completion',
  summary: 'print a script that completes commands in a shell',
  group: 'Set up',
  effects: { readOnly: true },
  tool: false,
  arguments: {
    shell: { description: 'the shell', choices: ['bash', 'zsh', 'fish', 'powershell'] },
  },
  examples: [
    { command: 'holdfast completion bash >> ~/.bashrc', shows: 'complete in bash' },
    {
      command: 'holdfast completion zsh > ~/.zfunc/_holdfast',
      shows: 'complete in zsh, where ~/.zfunc is in its fpath',
    },
    {
      command: 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish',
      shows: 'complete in fish',
    },
  ],
  document: async () => (await import('../documents/completion.js')).completionDocument,
  run: async (_context, input) => (await import('../actions/completion.js')).completion(input),
});
