// A stand-in for GitHub in a process of its own, with as many repositories as are asked for.
import { createStandIn } from '@holdfast/forge-stand-in';

const [directory, count] = process.argv.slice(2);
const standIn = await createStandIn('github', { directory });
standIn.world.tokens.set('token', 'holdfast');
for (let index = 0; index < Number(count); index += 1) {
  standIn.world.add(`org/t${index}`).git.commit('main', { 'README.md': 'hello\n' });
}
process.send(standIn.origin);
process.on('message', () => process.send(standIn.log.length));
process.on('disconnect', () => process.exit());
